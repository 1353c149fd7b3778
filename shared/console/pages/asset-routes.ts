import { Hono } from 'hono'

import { assets, assetsHash } from '../assets/assets.ts'

/** Stylesheet, scripts and picture: to be kept for ever, since their address changes with them. For everybody. */
export function assetRoutes(): Hono {
  const app = new Hono()
  app.get('/assets/:hash/:name', (c) => {
    const asset = assets.get(c.req.param('name'))
    if (asset === undefined || c.req.param('hash') !== assetsHash) return c.text('not found', 404)
    return c.body(asset.body, 200, {
      'content-type': asset.type,
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
  return app
}
