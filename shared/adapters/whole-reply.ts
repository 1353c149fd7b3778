import { isSecure } from './oidc/issuer-fetch.ts'

/** An answer of any status, with its body complete. */
export interface WholeReply {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

export interface WholeRequest {
  readonly method: 'DELETE' | 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
}

export interface ReplyLimits {
  /** Ends everything: connecting, sending, and the whole answer. */
  readonly signal: AbortSignal
  /** Of the body as it is read. */
  readonly maxBytes: number
}

/** No answer, or none that is used. In fixed words, without a cause: those of `fetch` quote what was sent. */
export class NoReply extends Error {
  override readonly name = 'NoReply'
}

/**
 * One HTTP exchange. A redirect is an answer, and not followed: it could lead to a host that nobody named. Throws
 * `TypeError` for an address that is neither https nor on this machine; rejects with `NoReply` without a complete answer
 * within the limits, and then the request may have been heard all the same.
 */
export async function wholeReply(
  url: string,
  request: WholeRequest,
  { signal, maxBytes }: ReplyLimits,
): Promise<WholeReply> {
  if (!isSecure(url)) throw new TypeError(`neither https nor loopback: \`${url}\``)
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal })
    const { status, headers } = response
    return { status, headers, body: await upTo(maxBytes, response.body ?? []) }
  } catch (cause) {
    if (cause instanceof NoReply) throw cause
    throw new NoReply(signal.aborted ? 'no answer in time' : 'no answer')
  }
}

/** Leaving the loop early ends the connection. */
async function upTo(
  maxBytes: number,
  body: AsyncIterable<Uint8Array> | readonly Uint8Array[],
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > maxBytes) throw new NoReply(`an answer of more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}
