import { createGunzip } from 'node:zlib'

import { type Result, err, ok } from '../kernel/result.ts'

/** Largest request body, as sent and inflated. BigQuery's own limit for a query request. */
const MAX_BODY_BYTES = 10 * 1024 * 1024

export type BodyProblem =
  | { readonly problem: 'body-too-large'; readonly limit: number }
  | { readonly problem: 'malformed'; readonly message: string }
  /** The connection broke before the body was complete. */
  | { readonly problem: 'caller-gone' }

/**
 * The body of a request, inflated if it is gzip. Stops reading as soon as either size passes the
 * limit, so a gzip bomb costs the limit and no more. Call it only for an authenticated caller.
 */
export async function readBody(
  request: Request,
  limit = MAX_BODY_BYTES,
): Promise<Result<Buffer, BodyProblem>> {
  const tooLarge = err({ problem: 'body-too-large', limit } as const)
  const length = request.headers.get('content-length')
  if (Number(length ?? 0) > limit) return tooLarge
  let sent: Buffer | undefined
  try {
    // HTTP ends a body where its length says, so the limit holds; only one without must be watched as
    // it comes, for ten times the cost.
    sent =
      length === null
        ? await collect(request.body ?? [], limit)
        : Buffer.from(await request.arrayBuffer())
  } catch {
    return err({ problem: 'caller-gone' })
  }
  if (sent === undefined || sent.length > limit) return tooLarge
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase()
  switch (encoding) {
    case 'identity':
    case '':
      return ok(sent)
    case 'gzip':
    case 'x-gzip': {
      const gunzip = createGunzip()
      gunzip.end(sent)
      try {
        const inflated = await collect(gunzip, limit)
        return inflated === undefined ? tooLarge : ok(inflated)
      } catch {
        return err({ problem: 'malformed', message: 'the body is not valid gzip' })
      } finally {
        gunzip.destroy()
      }
    }
    default:
      return err({
        problem: 'malformed',
        message: 'the body must be sent as it is or with `Content-Encoding: gzip`',
      })
  }
}

/** All bytes of a stream, or undefined as soon as there are more than `limit`. */
async function collect(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}
