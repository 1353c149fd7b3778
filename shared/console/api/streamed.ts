/** About how large the pieces are in which something leaves. */
const PIECE_BYTES = 64 * 1024

/**
 * A body of lines, after the first ones have been made: rejects when that fails, so that nothing has left. What fails later
 * is told to `onFailure`, and the body has no end.
 */
export async function streamed(
  lines: AsyncIterable<Buffer>,
  onFailure: (cause: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const pieces = inPieces(lines)
  let ahead: IteratorResult<Uint8Array, void> | undefined = await pieces.next()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = ahead ?? (await pieces.next())
        ahead = undefined
        if (done === true) controller.close()
        else controller.enqueue(value)
      } catch (cause) {
        onFailure(cause)
        // What broke is for the log: servers may tell the message to whoever reads.
        controller.error(new Error('broken off'))
      }
    },
    async cancel() {
      await pieces.return()
    },
  })
}

async function* inPieces(lines: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, void> {
  let parts: Buffer[] = []
  let length = 0
  for await (const line of lines) {
    parts.push(line)
    length += line.length
    if (length < PIECE_BYTES) continue
    yield new Uint8Array(Buffer.concat(parts))
    parts = []
    length = 0
  }
  if (length > 0) yield new Uint8Array(Buffer.concat(parts))
}
