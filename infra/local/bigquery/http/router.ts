import type { IncomingMessage, ServerResponse } from 'node:http'

import { BigQueryError, errorBody } from '../errors.ts'
import { USER_EMAIL } from '../sql/stand-ins.ts'
import type { ApiRequest, Handler } from './api-request.ts'
import { partialResponse } from './partial-response.ts'

/** A method of the API, by its HTTP method and the path below `/bigquery/v2`, ids as `{name}`. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly handle: Handler
}

/** A request as it arrived, for tests to look at. */
export interface SeenRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Parsed, when it is JSON. */
  readonly body: unknown
}

const BASE = '/bigquery/v2'
const MOST_BYTES = 32 * 1024 * 1024

/** A listener for `node:http` that serves the routes, with BigQuery's errors for everything else. */
export function router(
  routes: readonly Route[],
  onRequest: (request: SeenRequest) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  const compiled = routes.map(({ method, path, handle }) => ({
    method,
    handle,
    pattern: new RegExp(`^${BASE}${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  }))
  const answer = async (request: IncomingMessage): Promise<object> => {
    const { method = '', url = '/', headers } = request
    const { pathname, searchParams: query } = new URL(url, 'http://localhost')
    const text = await readBody(request)
    const body = parseJson(text)
    onRequest({ method, path: url, headers, body: body.ok ? body.value : text })
    for (const route of compiled) {
      const found = route.method === method ? route.pattern.exec(pathname) : null
      if (found === null) continue
      if (!body.ok) throw new BigQueryError('invalid', 'Invalid JSON payload received.')
      const params = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([name, id]) => [name, decodeURIComponent(id)]),
      )
      const call: ApiRequest = { params, query, user: userOf(headers), body: body.value }
      // Each route's work is its own.
      // oxlint-disable-next-line no-await-in-loop
      return await route.handle(call)
    }
    throw new BigQueryError('notFound', `The local BigQuery has no ${method} ${pathname}`)
  }
  return (request, response) => {
    answer(request).then(
      (reply) => sendReply(request, response, reply),
      (cause: unknown) => sendProblem(response, cause),
    )
  }
}

function sendReply(request: IncomingMessage, response: ServerResponse, reply: object): void {
  const etag = 'etag' in reply ? String(reply.etag) : undefined
  if (etag !== undefined && request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end()
    return
  }
  const fields = new URL(request.url ?? '/', 'http://localhost').searchParams.get('fields')
  send(response, 200, fields ? partialResponse(reply, fields) : reply)
}

function sendProblem(response: ServerResponse, cause: unknown): void {
  const problem =
    cause instanceof BigQueryError
      ? cause
      : new BigQueryError('backendError', `The local BigQuery failed: ${String(cause)}`)
  send(response, problem.code, errorBody(problem))
}

function send(response: ServerResponse, code: number, body: unknown): void {
  // The client may have gone.
  if (response.destroyed) return
  const text = JSON.stringify(body)
  response.writeHead(code, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

/** Nobody is asked for a token here; one that is an address says whose jobs these are. */
function userOf({ authorization = '' }: IncomingMessage['headers']): string {
  return /^Bearer ([\w.+-]{1,64}@[\w.-]{1,255})$/.exec(authorization)?.[1] ?? USER_EMAIL
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new BigQueryError('invalid', 'Request payload is too large')
  }
  return Buffer.concat(chunks).toString()
}

function parseJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  if (text === '') return { ok: true, value: undefined }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}
