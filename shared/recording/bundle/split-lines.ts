/** The longest line that is read, in bytes: larger than what any store holds of an entry. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024

/** What came of a bundle: some whole lines without their LF, or why there are no more. */
export type Lines =
  | { readonly lines: readonly Buffer[] }
  /** The last bytes have no LF, or a line is longer than `MAX_LINE_BYTES`. */
  | { readonly broken: 'cut-off' | 'too-long' }

/** The lines in bytes that come in chunks of any size; memory is bounded by the longest line and chunk. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const lines: Buffer[] = []
    let start = 0
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      parts.push(bytes.subarray(start, end))
      lines.push(parts.length === 1 ? bytes.subarray(start, end) : Buffer.concat(parts))
      parts = []
      length = 0
      start = end + 1
    }
    if (lines.length > 0) yield { lines }
    if (start < bytes.length) {
      parts.push(bytes.subarray(start))
      length += bytes.length - start
    }
    if (length > MAX_LINE_BYTES || lines.some((line) => line.length > MAX_LINE_BYTES)) {
      yield { broken: 'too-long' }
      return
    }
  }
  if (length > 0) yield { broken: 'cut-off' }
}

const LF = 0x0a

/** The lines in bytes that end with an LF, without it. */
export function linesIn(bytes: Uint8Array): readonly Buffer[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lines: Buffer[] = []
  for (let start = 0; start < all.length;) {
    const end = all.indexOf(LF, start)
    lines.push(all.subarray(start, end))
    start = end + 1
  }
  return lines
}
