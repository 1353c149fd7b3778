import { Hono } from 'hono'

import { parseTilePath } from '../tlog/tile-path.ts'
import { type ProvingPorts, proveSealed } from './prove-sealed.ts'

export interface LogRoutesOptions extends ProvingPorts {
  /** Told why something could not be read. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * What anybody may read of the log, to be mounted where its prefix is: the newest checkpoint, tiles and bundles of leaves,
 * which hold no personal data, and at `/proof/ID` the proof that an entry is in it, for whoever knows its id from a receipt.
 * Nothing else that is stored beside them. C2SP tlog-tiles, “Parameters”.
 */
export function logRoutes({ objects, entries, onFailure }: LogRoutesOptions): Hono {
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
  app.get('/proof/:id', async (c) => {
    const id = c.req.param('id')
    if (!/^[a-z0-9~-]{1,200}$/.test(id)) return words('not the id of an entry', 400)
    const proof = await proveSealed({ objects, entries }, id)
    return proof === undefined ? words('not sealed, or not yet', 404) : bytesOf(proof, NEWEST)
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
