import type { ByteRange } from './syntax-tree.ts'

export interface Edit {
  readonly range: ByteRange
  readonly text: string
}

/**
 * `text` with each range of its UTF-8 bytes replaced. Ranges must not overlap; throws when they do, or
 * when one lies outside the text.
 */
export function editText(text: string, edits: readonly Edit[]): string {
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  let at = 0
  for (const { range, text: replacement } of edits.toSorted(
    (a, b) => a.range.start - b.range.start,
  )) {
    if (range.start < at || range.end < range.start || range.end > bytes.length) {
      throw new Error('locations in the parse tree overlap')
    }
    pieces.push(bytes.subarray(at, range.start), Buffer.from(replacement))
    at = range.end
  }
  return Buffer.concat([...pieces, bytes.subarray(at)]).toString()
}
