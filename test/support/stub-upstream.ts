import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

import { queryReply } from './stub-replies.ts'

/** What the server heard, with the body complete. */
export interface StubRequest {
  readonly method: string
  /** Without the query string, as it was on the wire. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Names and values as they came, for tests that nothing else was sent. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** The body as JSON; throws when it is none. */
  json(): unknown
}

/** Answers a request, or mistreats it: see `stub-replies.ts` and `stub-faults.ts`. */
export type Respond = (request: StubRequest, response: ServerResponse) => void | Promise<void>

export interface StubUpstream {
  /** `http://127.0.0.1:<port>/`. */
  readonly url: URL
  /** Every request, in the order in which their bodies were complete. Assert on what is absent. */
  readonly requests: StubRequest[]
  /** How many TCP connections were accepted so far: tells keep-alive from not. */
  connections(): number
  /** Answers from now on. */
  respond(respond: Respond): void
  /** Resolves once the port is free and every connection is closed. */
  close(): Promise<void>
}

/**
 * A scriptable HTTP server on a free loopback port, in place of BigQuery. Without a script it
 * answers every request with a finished query of one row.
 */
export async function startStubUpstream(
  initial: Respond = queryReply({ bytes: 1024 }),
): Promise<StubUpstream> {
  let respond = initial
  let accepted = 0
  const requests: StubRequest[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('error', () => {})
    response.on('error', () => {})
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://stub')
      const body = Buffer.concat(chunks)
      const request: StubRequest = {
        method: incoming.method ?? '',
        path: (incoming.url ?? '').split('?')[0] ?? '',
        query: url.searchParams,
        headers: incoming.headers,
        rawHeaders: incoming.rawHeaders,
        body,
        json: (): unknown => JSON.parse(body.toString()),
      }
      requests.push(request)
      // A script that throws must not look like an answer.
      Promise.resolve()
        .then(() => respond(request, response))
        .catch(() => response.destroy())
    })
  })
  server.on('connection', () => (accepted += 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: new URL(`http://127.0.0.1:${address.port}/`),
    requests,
    connections: () => accepted,
    respond: (next) => {
      respond = next
    },
    close: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Plays one script per request, the last one for ever. */
export function inTurn(...scripts: readonly Respond[]): Respond {
  let turn = 0
  return (request, response) => {
    const script = scripts[Math.min(turn, scripts.length - 1)]
    turn += 1
    return script?.(request, response)
  }
}
