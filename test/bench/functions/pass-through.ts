/** What a proxy that governs nothing costs: Hono on functions-framework, replies streamed as they come. */
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

import { http } from '@google-cloud/functions-framework'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { Agent, request } from 'undici'

const upstream = process.env['SLUICE_BIGQUERY_URL'] ?? ''
const dispatcher = new Agent({ connections: 256 })

const app = new Hono()
app.post('*', async (c) => {
  const reply = await request(new URL(c.req.path, upstream), {
    dispatcher,
    method: 'POST',
    headers: {
      'content-type': c.req.header('content-type'),
      'accept-encoding': c.req.header('accept-encoding'),
    },
    body: new Uint8Array(await c.req.arrayBuffer()),
  })
  const headers = new Headers()
  for (const name of ['content-type', 'content-encoding', 'content-length']) {
    const value = reply.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  const body = Readable.toWeb(reply.body) as ReadableStream<Uint8Array<ArrayBuffer>>
  return new Response(body, { status: reply.statusCode, headers })
})
http('gateway', getRequestListener(app.fetch))
