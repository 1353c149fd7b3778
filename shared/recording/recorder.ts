import { setTimeout as wait } from 'node:timers/promises'

import type { Clock } from '../kernel/clock.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { encodeEntry } from './encode-entry.ts'
import type { EntryStore, StoredEntry } from './entry-store.ts'
import type { Entry } from './entry.ts'

/** What recording asks of the world. */
export interface Recorder {
  readonly entries: EntryStore
  readonly clock: Clock
  /** Unpredictable bytes. */
  readonly random: (bytes: number) => Uint8Array
  /** Resolves after so many milliseconds. Default: it does. */
  readonly sleep?: (ms: number) => Promise<unknown>
}

/** Why something could not be recorded. */
export type RecordingProblem =
  /** The store rejects; the entry may or may not be durable. `cause` is for the log. */
  | { readonly problem: 'store-unavailable'; readonly cause: unknown }
  /** The request is too large to be kept; nothing was kept. */
  | { readonly problem: 'entry-too-large' }

/** Between one try and the next. */
const PAUSES_MS = [50, 200]

/**
 * Writes an entry, the same bytes up to three times, and says whether it is `ours` that is durable
 * now or the one `existing` under its id. Throws `TypeError` for an entry without canonical JSON.
 */
export async function createDurably(
  recorder: Recorder,
  entry: Entry,
): Promise<
  Result<{ readonly ours: StoredEntry } | { readonly existing: StoredEntry }, RecordingProblem>
> {
  const stored = encodeEntry(entry)
  const sleep = recorder.sleep ?? wait
  for (let tries = 0; ; tries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each try waits for the one before
      const created = await recorder.entries.create(stored)
      if (created === 'too-large') return err({ problem: 'entry-too-large' })
      return ok(created === 'created' ? { ours: stored } : created)
    } catch (cause) {
      const pause = PAUSES_MS[tries]
      if (pause === undefined) return err({ problem: 'store-unavailable', cause })
      // oxlint-disable-next-line no-await-in-loop
      await sleep(pause)
    }
  }
}
