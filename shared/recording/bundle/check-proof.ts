import { decodeHash } from '../../tlog/base64.ts'
import { verifyInclusion } from '../../tlog/verify-inclusion.ts'
import type { LineContext } from './line-context.ts'
import { type Place, type Problem, broken, entryAt } from './problem.ts'

/** What speaks against a leaf being in the tree at its index, if anything can be said from the line. */
export function checkProof(
  line: { readonly index: number; readonly proof?: readonly string[] | undefined },
  leafHash: Uint8Array,
  place: Place,
  { isEverything, size, root }: LineContext,
): Problem | undefined {
  const { index, proof } = line
  const subject = entryAt(place)
  const say = (words: string) => broken('not-in-the-log', place, `${subject} ${words}`)
  if (index >= size) return say(`is said to be beyond the end of the log, which has ${size} leaves`)
  if (isEverything)
    return proof === undefined
      ? undefined
      : say('has a proof, which a bundle of everything does without')
  if (proof === undefined) return say('has no proof that it is in the log')
  if (root === undefined) return undefined
  const hashes = proof.map(decodeHash)
  const isIncluded =
    hashes.every((hash) => hash !== undefined) &&
    verifyInclusion({ index, size, leafHash, root }, hashes).ok
  return isIncluded
    ? undefined
    : say(
        'is not in the log as it stands here: its proof does not lead to the root of the checkpoint',
      )
}
