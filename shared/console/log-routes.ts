import { Hono } from 'hono'

import type { LogObjects } from '../recording/log-objects.ts'
import { parseTilePath } from '../tlog/tile-path.ts'

export interface LogRoutesOptions {
  readonly objects: Pick<LogObjects, 'read'>
  /** Told why something could not be read. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * What anybody may read of the log, to be mounted where its prefix is: the newest checkpoint, tiles and bundles of leaves,
 * which hold no personal data. Nothing else that is stored beside them. C2SP tlog-tiles, “Parameters”.
 */
export function logRoutes({ objects, onFailure }: LogRoutesOptions): Hono {
  const app = new Hono()
  app.get('/checkpoint', async () => {
    const note = await objects.read('checkpoint')
    return note === undefined ? words('nothing is sealed yet', 404) : bytesOf(note, NEWEST)
  })
  app.get('/tile/*', async (c) => {
    // As it was sent: a path that only decodes to one of ours is none of ours.
    const { pathname } = new URL(c.req.url)
    const path = pathname.slice(pathname.indexOf('/tile/') + 1)
    if (!parseTilePath(path).ok) return words('not the path of a tile', 400)
    const tile = await objects.read(path)
    return tile === undefined ? words('the log has no such tile', 404) : bytesOf(tile, FOR_EVER)
  })
  app.notFound(() => words('not found', 404))
  app.onError((cause) => {
    onFailure(cause)
    return words('the log cannot be read now', 503)
  })
  return app
}

const NEWEST = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' }
const FOR_EVER = {
  'content-type': 'application/octet-stream',
  'cache-control': 'public, max-age=31536000, immutable',
}

function bytesOf(bytes: Buffer, headers: Readonly<Record<string, string>>): Response {
  return new Response(new Uint8Array(bytes), { headers: { ...headers, ...ALWAYS } })
}

function words(text: string, status: number): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  return new Response(`${text}\n`, { status, headers: { ...headers, ...ALWAYS } })
}

const ALWAYS = { 'x-content-type-options': 'nosniff', 'access-control-allow-origin': '*' }
