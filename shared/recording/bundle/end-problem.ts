import { decodeUtf8 } from './canonical.ts'
import type { Tail } from './framed-lines.ts'
import { parseLine } from './parse-line.ts'
import { type Problem, broken } from './problem.ts'
import { MAX_LINE_BYTES } from './split-lines.ts'

/** What speaks against the bytes being all of a bundle, as it was written. */
export function endProblem({ last, lines, sha256, broken: how }: Tail): Problem | undefined {
  if (how === 'cut-off')
    return broken('bundle-cut-off', {}, 'the bundle ends in the middle of a line')
  if (how === 'too-long')
    return broken('line-too-long', {}, `line ${lines + 1} is longer than ${MAX_LINE_BYTES} bytes`)
  const end = parseLine(decodeUtf8(last ?? Buffer.alloc(0)) ?? '')
  if (end?.t !== 'end')
    return broken(
      'bundle-cut-off',
      {},
      `the bundle has no end: line ${lines + 1} is not the last one`,
    )
  if (end.lines !== lines)
    return broken(
      'bundle-changed',
      {},
      `the bundle was written with ${end.lines} lines before its last one, and has ${lines}`,
    )
  return end.sha256 === sha256
    ? undefined
    : broken(
        'bundle-changed',
        {},
        'the bundle was changed after it was written: its last line names other bytes',
      )
}
