import { proveInclusion } from '../../tlog/prove.ts'
import { type FoundLeaf, type ReadLog, findLeaf } from './find-leaf.ts'
import { hashesOf } from './read-log.ts'

/** A leaf, and that the tree of the size asked for has it. */
export interface ProvedLeaf extends FoundLeaf {
  /** From the leaf's sibling up, 32 bytes each. */
  readonly proof: readonly Uint8Array[]
}

/**
 * The leaf of an entry, and the proof that the log has it at that size; undefined when it has not. Whether the
 * leaf says of the entry what is stored is for the reader to verify. Rejects as `findLeaf` does.
 */
export async function proveEntry(
  log: ReadLog,
  entry: { readonly id: string; readonly committedAt: number },
): Promise<ProvedLeaf | undefined> {
  const found = await findLeaf(log, entry)
  return found && { ...found, proof: await proveLeaf(log, found.index) }
}

/** The proof that the log has the leaf with this index. Rejects when it has not, and when it cannot be read. */
async function proveLeaf(
  { objects, size }: Pick<ReadLog, 'objects' | 'size'>,
  index: number,
): Promise<readonly Uint8Array[]> {
  const proof = await proveInclusion(index, size, hashesOf(objects, size))
  if (!proof.ok) throw new Error(`no proof of leaf ${index}: ${proof.error.problem}`)
  return proof.value
}
