import type { Clock } from '../../kernel/clock.ts'
import type { EntryStore } from '../entry-store.ts'
import type { LogObjects } from '../log-objects.ts'
import type { LogState } from '../log-state.ts'
import type { Writers } from '../writers.ts'
import type { LogSigners } from './log-signers.ts'
import type { TrustedAuthority } from './open-writer.ts'
import type { ReadEntry } from './read-entry.ts'
import type { BatchLimits } from './take-batch.ts'
import type { Witnesses } from './witnesses.ts'

/** A log, with everything that sealing it takes. Its origin is the name of its keys. */
export interface SealedLog {
  readonly entries: Pick<EntryStore, 'committed' | 'create'>
  readonly objects: LogObjects
  readonly state: LogState
  readonly signers: LogSigners
  /** Stamp the manifests. */
  readonly writers: Pick<Writers, 'use'>
  readonly authorities: readonly TrustedAuthority[]
  /** Undefined where policy names none. */
  readonly witnesses: Witnesses | undefined
  readonly classesOf: ClassesOf
  readonly clock: Clock
  readonly limits: SealingLimits
}

/**
 * Port. The retention classes of entries, in the order given: what belongs to one class is archived together.
 * Their signatures have been verified. Rejects when they cannot be had now.
 */
export type ClassesOf = (entries: readonly ReadEntry[]) => Promise<readonly string[]>

/** How a log is sealed. */
export interface SealingLimits {
  readonly batch: BatchLimits
  /** How much later a commit may be seen than one that follows it. */
  readonly overlapMs: number
  /** How much later the opening of a writer may be seen than what it writes. */
  readonly openingMs: number
  /** After how long without a batch an empty one is made. */
  readonly heartbeatMs: number
}

/** As RECORD.md has them. */
export const usualLimits: SealingLimits = {
  batch: { entries: 20_000, bytes: 32 * 1024 * 1024 },
  overlapMs: 120_000,
  openingMs: 10_000,
  heartbeatMs: 3_600_000,
}

/** The name of the log. */
export function originOf({ signers }: Pick<SealedLog, 'signers'>): string {
  return signers.ed25519.key.name
}
