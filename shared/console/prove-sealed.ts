import type { EntryStore } from '../recording/entry-store.ts'
import type { LogObjects } from '../recording/log-objects.ts'
import { proveEntry } from '../recording/log/prove-entry.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { parseNote } from '../tlog/parse-note.ts'
import { encodeTlogProof } from '../tlog/tlog-proof.ts'

/** Where what is proved is read. */
export interface ProvingPorts {
  readonly objects: Pick<LogObjects, 'read'>
  readonly entries: Pick<EntryStore, 'get'>
}

/**
 * The proof that the newest checkpoint binds the log to an entry, as C2SP tlog-proof has it, with the leaf as `extra`; undefined
 * for an id that is not in the store, or not sealed yet. Rejects when store or log cannot be read.
 */
export async function proveSealed(
  { objects, entries }: ProvingPorts,
  id: string,
): Promise<Buffer | undefined> {
  const kept = await entries.get(id)
  const checkpoint = await objects.read('checkpoint')
  if (kept === undefined || checkpoint === undefined) return undefined
  const note = parseNote(checkpoint)
  const newest = note.ok ? parseCheckpoint(note.value.text) : note
  if (!newest.ok) throw new Error('what is published is no checkpoint')
  const { committedAt } = kept
  const proved = await proveEntry({ objects, size: newest.value.size }, { id, committedAt })
  if (proved === undefined) return undefined
  const { index, bytes: extra, proof: hashes } = proved
  return encodeTlogProof({ extra, index, hashes, checkpoint })
}
