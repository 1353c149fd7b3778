import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { IncomingMessage, ServerResponse } from 'node:http'

import { errorBody } from '../shared/bigquery/error.ts'
import { MAX_BODY_BYTES } from '../shared/gateway/read-body.ts'

const CHANNEL = 'http.server.request.start'

/**
 * Keeps functions-framework from inflating and parsing bodies before anybody is authenticated: its
 * body parsers read `headers`, and find an opaque body there; Hono reads `rawHeaders`, and sees what
 * the client sent. Bodies over the limit get 413 before they are read to their end.
 *
 * Node publishes the channel before the framework hears of a request. A test fails when it stops
 * firing. Returns the way to switch it off.
 */
export function guardIngress(limit = MAX_BODY_BYTES): () => void {
  const guard = (message: unknown): void => {
    if (typeof message !== 'object' || message === null) return
    if (!('request' in message) || !('response' in message)) return
    const { request, response } = message
    if (request instanceof IncomingMessage && response instanceof ServerResponse)
      hide(request, response, limit)
  }
  subscribe(CHANNEL, guard)
  return () => {
    unsubscribe(CHANNEL, guard)
  }
}

function hide(request: IncomingMessage, response: ServerResponse, limit: number): void {
  const { headers } = request
  const length = headers['content-length']
  const chunked = headers['transfer-encoding'] !== undefined
  if (headers['content-type'] !== undefined || length !== undefined || chunked)
    headers['content-type'] = 'application/octet-stream'
  delete headers['content-encoding']

  const refuse = (): void => {
    if (response.headersSent) return
    const message = `the request body is larger than ${limit} bytes`
    const body = JSON.stringify(errorBody(413, 'invalid', message))
    response.writeHead(413, {
      'content-type': 'application/json; charset=UTF-8',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    })
    response.end(body, () => request.destroy())
  }
  if (Number(length ?? 0) > limit) refuse()
  else if (chunked) {
    let received = 0
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received > limit) refuse()
    })
  }
}
