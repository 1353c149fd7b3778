import type { KeyObject } from 'node:crypto'

import type { TrustedAuthority } from './trust.ts'

/** What has to be known to check a line. */
export interface LineContext extends SentContext {
  /** The key of a writer that was opened before; undefined for one that was not met yet. */
  readonly keyOf: (writer: string) => KeyObject | undefined
}

/** As much of it as another thread is started with. */
export interface SentContext {
  /** Origin of the log. */
  readonly log: string
  /** Whether the bundle says it holds everything: its leaves then have no proofs. */
  readonly isEverything: boolean
  readonly size: number
  /** Whether a stamp that is named by a later one of its writer needs no signature of its own. */
  readonly isChained: boolean
  /** Undefined when the checkpoint cannot be read: proofs then prove nothing. */
  readonly root: Uint8Array | undefined
  readonly authorities: readonly TrustedAuthority[]
}
