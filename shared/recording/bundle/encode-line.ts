import { createHash } from 'node:crypto'

import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { BundleLine, EndLine } from './bundle-line.ts'

/** Writes the lines of one bundle, whose order is the caller's to keep. */
export interface LineWriter {
  /** The bytes of the next line, with its LF. Throws `TypeError` for one without canonical JSON. */
  line(line: Exclude<BundleLine, EndLine>): Buffer
  /** The bytes of the last line: what stands before it is counted and hashed. */
  end(): Buffer
}

export function lineWriter(): LineWriter {
  const digest = createHash('sha256')
  let lines = 0
  return {
    line(line) {
      const bytes = encodeLine(line)
      digest.update(bytes)
      lines += 1
      return bytes
    },
    end: () => encodeLine({ t: 'end', lines, sha256: digest.copy().digest('hex') }),
  }
}

function encodeLine(line: BundleLine): Buffer {
  return Buffer.from(`${canonicalJson(line)}\n`)
}
