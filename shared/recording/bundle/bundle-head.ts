import { type Result, err, ok } from '../../kernel/result.ts'
import type { CheckpointLine, ConsistencyLine, HeaderLine } from './bundle-line.ts'
import { decodeUtf8 } from './canonical.ts'
import { parseLine } from './parse-line.ts'

/** What comes before the entries. */
export interface BundleHead {
  readonly header: HeaderLine
  readonly checkpoint: CheckpointLine | undefined
  readonly consistency: ConsistencyLine | undefined
  /** How many lines that are. */
  readonly lines: number
}

/** The head of the bundle that begins with these lines, which are three or all; an error for what is no bundle. */
export function readHead(lines: readonly Buffer[]): Result<BundleHead, 'not-a-bundle'> {
  const [header, second, third] = lines
    .slice(0, 3)
    .map((bytes) => parseLine(decodeUtf8(bytes) ?? ''))
  if (header?.t !== 'sluice-bundle/v1') return err('not-a-bundle')
  if (second?.t !== 'checkpoint')
    return ok({ header, checkpoint: undefined, consistency: undefined, lines: 1 })
  return third?.t === 'consistency'
    ? ok({ header, checkpoint: second, consistency: third, lines: 3 })
    : ok({ header, checkpoint: second, consistency: undefined, lines: 2 })
}
