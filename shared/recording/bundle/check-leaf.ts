import { leafHash } from '../../tlog/hash.ts'
import type { LeafLine } from './bundle-line.ts'
import { parseCanonical } from './canonical.ts'
import { checkProof } from './check-proof.ts'
import type { CheckedLeaf, NotChecked } from './checked-line.ts'
import type { LineContext } from './line-context.ts'
import { type Problem, broken, missing, quoted } from './problem.ts'
import { base32Id, count, maybe, oneOf, only, sha256, text } from './shapes.ts'

/** A leaf whose entry is not in the bundle. FORMAT.md §5. */
export function checkLeaf(
  line: LeafLine,
  number: number,
  context: LineContext,
): CheckedLeaf | NotChecked {
  const { index, why } = line
  const leaf = parseCanonical(line.leaf)
  if (!isSound(leaf) && !isInvalid(leaf))
    return {
      is: 'unreadable',
      line: number,
      index,
      problems: [
        broken('leaf-malformed', { index }, `leaf ${index} is not the canonical JSON of one`),
      ],
    }
  const place = { id: leaf.i, index }
  const problems: Problem[] = []
  const hash = leafHash(Buffer.from(line.leaf))
  const unproved = checkProof(line, hash, place, context)
  if (unproved !== undefined) problems.push(unproved)
  const isStray = leaf.k === 'invalid'
  if (isStray !== (why === 'invalid'))
    problems.push(
      broken(
        'leaf-malformed',
        place,
        `leaf ${index} is said to be ${why}, and says something else itself`,
      ),
    )
  if (why === 'missing')
    problems.push(
      missing(
        'entry-missing',
        place,
        `the log has entry ${quoted(leaf.i)} at leaf ${index}, and the entry itself is gone without a trace`,
      ),
    )
  if (isStray)
    problems.push(
      broken(
        'entry-invalid',
        place,
        `what is stored as ${quoted(leaf.i)} (leaf ${index}) was no entry of any writer when it was sealed: somebody else wrote it`,
      ),
    )
  return {
    is: 'leaf',
    line: number,
    index,
    leafHash: hash,
    id: leaf.i,
    type: leaf.k,
    committed: leaf.c,
    hash: leaf.e,
    stamp: isSound(leaf) ? { writer: leaf.w, number: leaf.n, hash: leaf.s } : undefined,
    why,
    problems,
  }
}

const common = { t: oneOf('sluice-leaf/v1'), c: count, e: sha256, i: text }
const isSound = only({ ...common, k: text, n: count, p: maybe(sha256), s: sha256, w: base32Id })
const isInvalid = only({ ...common, k: oneOf('invalid') })
