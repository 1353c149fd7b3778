import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { EntryLine } from '../../recording/bundle/bundle-line.ts'
import { checkEntry } from '../../recording/bundle/check-entry.ts'
import { checkpointWords } from '../../recording/bundle/checkpoint-of.ts'
import type { KeptEntry } from '../../recording/entry-store.ts'
import { exportedTree } from '../../recording/export/exported-tree.ts'
import { type ProvedLeaf, proveEntry } from '../../recording/log/prove-entry.ts'
import { encodeBase64 } from '../../tlog/base64.ts'
import { openCheckpoint } from '../../tlog/open-checkpoint.ts'
import type { LogPorts } from '../log/readable-log.ts'
import type { EntryView } from '../views/call-view.ts'
import { writerKeys } from './writer-key.ts'

/** Verifies entries against the log as it is published now. Rejects when log, store or keys cannot be read. */
export type VerifyEntry = (kept: KeptEntry) => Promise<EntryView['verification']>

/**
 * What `sluice verify` finds of an entry by itself, found by recomputing it: its hash, its signature by a writer that a
 * trusted authority vouches for, and its place under a checkpoint that the log has signed.
 */
export async function entryVerifier({
  entries,
  log,
}: Pick<LogPorts, 'entries' | 'log'>): Promise<VerifyEntry> {
  const tree = log && (await exportedTree({ entries, objects: log.objects }))
  if (log === undefined || tree === undefined) return async () => ({ state: 'unsealed' })
  const trust = await log.trust()
  const { size, objects } = tree
  const checkpoint = openCheckpoint(Buffer.from(tree.note), trust)
  const keyOf = writerKeys(entries, trust)
  return async (kept) => {
    const { entry, committedAt, stamp } = kept
    const proved = await proveEntry({ objects, size }, { id: entry.id, committedAt })
    if (proved === undefined) return { state: 'unsealed', treeSize: size }
    const place = { leaf: proved.index, treeSize: size }
    const failed = (problem: string) => ({ state: 'failed', problem, ...place }) as const
    if (!checkpoint.ok)
      return failed(`the checkpoint does not count: ${checkpointWords(checkpoint.error)}`)
    const key = await keyOf(stamp.stamp.writer)
    if (key === undefined) return failed('nobody who is trusted vouches for its writer')
    const { checked } = checkEntry(lineOf(kept, proved), 1, {
      log: trust.origin,
      isEverything: false,
      size,
      isChained: false,
      root: checkpoint.value.root,
      authorities: trust.authorities,
      keyOf: () => key,
    })
    const [problem] = checked.problems
    return problem === undefined ? { state: 'sealed', ...place } : failed(problem.words)
  }
}

/** An entry as a bundle has it. */
function lineOf(
  { bytes, stamp: { stamp, signature }, committedAt, ciphertext }: KeptEntry,
  { index, proof }: ProvedLeaf,
): EntryLine {
  return {
    t: 'entry',
    entry: bytes.toString(),
    stamp: canonicalJson(stamp),
    signature: encodeBase64(signature),
    committed: committedAt,
    index,
    proof: proof.map(encodeBase64),
    ...(ciphertext && { ciphertext: encodeBase64(ciphertext) }),
  }
}
