import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http'

/** Stands where Google's load balancer does: has the address that clients know. */
export interface FrontDoor {
  readonly url: string
  /** Sends requests on to this server; before, all get 503. */
  open(target: string): void
  close(): Promise<void>
}

/** Passes requests on, bytes and headers as they are, and tells of each when it comes in. */
export async function startFrontDoor(
  onRequest: (request: IncomingMessage) => void,
): Promise<FrontDoor> {
  let port: string | undefined
  const serve = (incoming: IncomingMessage, response: ServerResponse): void => {
    onRequest(incoming)
    if (port === undefined) return void response.writeHead(503).end()
    const { method, url, rawHeaders } = incoming
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers: rawHeaders })
    onward.on('response', (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.statusMessage, reply.rawHeaders)
      reply.pipe(response)
      reply.on('error', () => response.destroy())
    })
    onward.on('error', () => response.destroy())
    // Whoever goes away is gone for the function, too.
    response.on('close', () => onward.destroy())
    incoming.pipe(onward)
  }
  const server = createServer(serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    open: (target) => {
      ;({ port } = new URL(target))
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
