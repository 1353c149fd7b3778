import { createServer } from 'node:http'

/** Stands where the internet would be, and lets nobody through. */
export interface Outside {
  /** For `HTTPS_PROXY`. */
  readonly proxy: string
  /** Hosts that a program asked for. */
  readonly asked: string[]
  close(): Promise<void>
}

/** Starts a proxy that refuses everything and remembers who was to be called. */
export async function startOutside(): Promise<Outside> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(502).end()
  })
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    socket.on('error', () => {})
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    proxy: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
