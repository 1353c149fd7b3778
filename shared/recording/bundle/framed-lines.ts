import { createHash } from 'node:crypto'

import { splitLines } from './split-lines.ts'

/** What comes at the end of a bundle's bytes. */
export interface Tail {
  /** The last line; undefined without any. */
  readonly last: Buffer | undefined
  /** How many lines are before it, and the SHA-256, hex, of all their bytes. */
  readonly lines: number
  readonly sha256: string
  /** Undefined when the bytes end where a line does. */
  readonly broken: 'cut-off' | 'too-long' | undefined
}

/** The lines of a bundle but the last one, some at a time. What it returns says how it ended. */
export async function* framedLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Buffer[], Tail> {
  const digest = createHash('sha256')
  let last: Buffer | undefined
  let lines = 0
  for await (const some of splitLines(chunks)) {
    if ('broken' in some) {
      const { broken } = some
      if (last === undefined) return { last, lines, sha256: '', broken }
      yield [last]
      return { last: undefined, lines: lines + 1, sha256: '', broken }
    }
    const whole = last === undefined ? some.lines : [last, ...some.lines]
    const before = whole.slice(0, -1)
    last = whole.at(-1)
    for (const line of before) {
      digest.update(line)
      digest.update(LF)
    }
    lines += before.length
    if (before.length > 0) yield before
  }
  return { last, lines, sha256: digest.digest('hex'), broken: undefined }
}

const LF = Buffer.from('\n')
