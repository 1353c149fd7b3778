import { type Result, err, ok } from '../kernel/result.ts'
import { decodeHash, encodeBase64 } from './base64.ts'
import type { CompactRange } from './compact-range.ts'
import { parseDecimal } from './decimal.ts'
import { perfectSubtrees } from './tree-node.ts'

/** A text that is no compact range. */
export interface CompactRangeProblem {
  readonly problem: 'compact-range-malformed'
}

/** A range as text: its size in decimal and the base64 of its hashes, each on a line of its own. */
export function encodeRange({ size, hashes }: CompactRange): string {
  return [String(size), ...hashes.map(encodeBase64)].map((line) => `${line}\n`).join('')
}

/** The range a text stands for. Only what `encodeRange` writes is one. */
export function parseRange(text: string): Result<CompactRange, CompactRangeProblem> {
  const [first = '', ...rest] = text.split('\n')
  const size = parseDecimal(first)
  const hashes = rest.slice(0, -1).map(decodeHash)
  if (
    size === undefined ||
    rest.at(-1) !== '' ||
    !hashes.every((hash) => hash !== undefined) ||
    hashes.length !== perfectSubtrees(0, size).length
  )
    return err({ problem: 'compact-range-malformed' })
  return ok({ size, hashes })
}
