import { decodeHash } from '../../tlog/base64.ts'
import { parseCheckpoint } from '../../tlog/checkpoint.ts'
import { type OpenCheckpointProblem, openCheckpoint } from '../../tlog/open-checkpoint.ts'
import { parseNote } from '../../tlog/parse-note.ts'
import { type TreeHead, verifyConsistency } from '../../tlog/verify-consistency.ts'
import type { BundleHead } from './bundle-head.ts'
import { type Report, broken } from './problem.ts'
import type { Trust } from './trust.ts'

/** The tree that a bundle is about, as its checkpoint says; undefined when that cannot even be read. */
export function checkpointOf(head: BundleHead, trust: Trust, report: Report): TreeHead | undefined {
  const say = (kind: string, words: string): void => report(broken(kind, {}, words))
  const { header, checkpoint } = head
  if (header.log !== trust.origin)
    say('another-log', 'the bundle is of another log than the trust file is about')
  if (checkpoint === undefined) {
    say(
      'checkpoint-missing',
      'the bundle has no checkpoint in its second line: nobody vouches for it',
    )
    return undefined
  }
  const note = Buffer.from(checkpoint.note)
  const opened = openCheckpoint(note, trust)
  if (!opened.ok)
    say('checkpoint-refused', `the checkpoint does not count: ${checkpointWords(opened.error)}`)
  else {
    const cosigned = new Set(opened.value.cosignatures.map(({ key }) => key)).size
    if (cosigned < trust.quorum)
      say(
        'witnesses-missing',
        `the checkpoint is cosigned by ${cosigned} of the witnesses, and the trust file asks for ${trust.quorum}`,
      )
    if (opened.value.extensions.length > 0)
      say('checkpoint-refused', 'the checkpoint says more than origin, size and root')
  }
  const tree = opened.ok ? opened.value : unverified(note)
  if (tree !== undefined && tree.size !== header.size)
    say('size-differs', 'the bundle says another size of the log than its checkpoint')
  return tree && { size: tree.size, root: tree.root }
}

/** Why a checkpoint does not count: the end of a sentence. */
export function checkpointWords(problem: OpenCheckpointProblem): string {
  switch (problem.problem) {
    case 'note-too-long':
    case 'note-not-text':
    case 'note-malformed':
    case 'note-signature-line':
      return 'it is not written as a signed note'
    case 'note-signature-invalid':
      return `the signature by \`${problem.name}\` does not hold: it, or what it signs, was changed`
    case 'note-keys-ambiguous':
      return `the trust file has two keys with the name and key id of \`${problem.name}\``
    case 'note-not-signed':
      return 'no key of the trust file has signed it'
    case 'checkpoint-not-signed-by-log':
      return 'only witnesses have signed it, and no key of the log'
    case 'checkpoint-malformed':
      return 'its text is not that of a checkpoint'
    case 'checkpoint-of-another-log':
      return 'it is of another log'
  }
}

/** What speaks against the log having grown from an earlier checkpoint to the one of the bundle. */
export function consistencyProblem(
  earlier: TreeHead,
  later: TreeHead,
  { consistency }: BundleHead,
  /** Root of the earlier size, where all leaves are here. */
  computed: Uint8Array | undefined,
): { readonly kind: string; readonly words: string } | undefined {
  if (earlier.size > later.size)
    return {
      kind: 'rolled-back',
      words: `the log was cut back: it had ${earlier.size} leaves at the earlier checkpoint, and has ${later.size} here`,
    }
  if (earlier.size === later.size)
    return same(earlier.root, later.root)
      ? undefined
      : {
          kind: 'forked',
          words: `there are two logs: of ${earlier.size} leaves each, and with different roots`,
        }
  if (earlier.size === 0) return undefined
  const rewritten = {
    kind: 'rewritten',
    words: `the log was rewritten: its first ${earlier.size} leaves are not those of the earlier checkpoint`,
  }
  if (computed !== undefined) return same(computed, earlier.root) ? undefined : rewritten
  if (consistency?.from !== earlier.size)
    return {
      kind: 'consistency-missing',
      words: `the bundle has no proof that the log grew from the ${earlier.size} leaves of the earlier checkpoint: export it again and ask for one`,
    }
  const hashes = consistency.proof.map(decodeHash)
  return hashes.every((hash) => hash !== undefined) && verifyConsistency(earlier, later, hashes).ok
    ? undefined
    : rewritten
}

function unverified(note: Uint8Array): TreeHead | undefined {
  const parsed = parseNote(note)
  const read = parsed.ok ? parseCheckpoint(parsed.value.text) : undefined
  return read?.ok === true ? read.value : undefined
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
