import type { Clock } from '../kernel/clock.ts'
import { counter } from '../kernel/instruments.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { encodeEntry, stampEntry } from './encode-entry.ts'
import type { EntryStore, StoredEntry } from './entry-store.ts'
import type { Entry } from './entry.ts'
import type { RecordSecrets } from './private-facts.ts'
import type { RecordableSession } from './recorded-caller.ts'
import { tellMissed } from './tell-missed.ts'
import { tryThrice } from './try-thrice.ts'
import type { Writer } from './writer.ts'
import type { Writers } from './writers.ts'

/** Where entries are written. */
export interface Journal {
  readonly entries: EntryStore
  readonly writers: Writers
  readonly clock: Clock
  /** Resolves after so many milliseconds. Default: it does. */
  readonly sleep?: (ms: number) => Promise<unknown>
}

/** What recording asks of the world. */
export interface Recorder extends Journal {
  readonly secrets: RecordSecrets
  /** Makes certain that the record knows of a session before anything is recorded in it. */
  readonly openSession: (session: RecordableSession) => Promise<Result<undefined, RecordingProblem>>
  /** 32 bytes that effective digests are keyed with. */
  readonly digestKey: Uint8Array
  /** Unpredictable bytes. */
  readonly random: (bytes: number) => Uint8Array
}

/** Why something could not be recorded. */
export type RecordingProblem =
  /** The store rejects; the entry may or may not be durable. `cause` is for the log. */
  | { readonly problem: 'store-unavailable'; readonly cause: unknown }
  /** The request is too large to be kept; nothing was kept. */
  | { readonly problem: 'entry-too-large' }

/** What is durable now under the id of an entry: it itself, whoever wrote it first, or another one. */
export type Durable = { readonly ours: StoredEntry } | { readonly existing: StoredEntry }

/**
 * Writes an entry, the same bytes up to three times, and says whether it is `ours` that is durable
 * now or the one `existing` under its id. Throws `TypeError` for an entry without canonical JSON.
 */
export async function createDurably(
  recorder: Journal,
  entry: Entry,
  ciphertext?: Buffer,
): Promise<Result<Durable, RecordingProblem>> {
  const encoded = encodeEntry(entry)
  let writing: { readonly writer: Writer; readonly stored: StoredEntry }
  try {
    writing = await recorder.writers.use((writer) => ({
      writer,
      stored: stampEntry(writer, encoded, ciphertext),
    }))
  } catch (cause) {
    return err({ problem: 'store-unavailable', cause })
  }
  const { writer, stored } = writing
  const created = await attempt(recorder, stored)
  if (created.missed !== undefined) writer.missed(stored.stamp, created.missed)
  // While the store does not answer there is nobody to tell.
  if (created.missed !== 'unknown') await tellMissed(recorder, writer)
  return created.result
}

const recordedEntries = counter('sluice.entries.recorded', {
  description: 'Entries that became durable, by their type.',
  unit: '{entry}',
})

interface Attempt {
  readonly result: Result<Durable, RecordingProblem>
  /** Why the number of the stamp will not be found; undefined when it will. */
  readonly missed: 'taken' | 'too-large' | 'unknown' | undefined
}

async function attempt({ entries, sleep }: Journal, stored: StoredEntry): Promise<Attempt> {
  try {
    const created = await tryThrice(() => entries.create(stored), sleep)
    if (created === 'created') {
      recordedEntries(1, { 'sluice.entry.type': stored.entry.type })
      return { result: ok({ ours: stored }), missed: undefined }
    }
    if (created === 'too-large')
      return { result: err({ problem: 'entry-too-large' }), missed: 'too-large' }
    // Whoever wrote the same before has written ours.
    const isOurs = created.existing.hash === stored.hash
    return { result: ok(isOurs ? { ours: created.existing } : created), missed: 'taken' }
  } catch (cause) {
    return { result: err({ problem: 'store-unavailable', cause }), missed: 'unknown' }
  }
}
