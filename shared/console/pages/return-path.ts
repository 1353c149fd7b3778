import type { Context } from 'hono'

/** Where somebody is, for them to come back to, to be put into a URL. Only what a GET can show again. */
export function returnPath(c: Context): string {
  const { pathname, search } = new URL(c.req.url)
  // Mounted, a page's path has no `/console` before it.
  const below = pathname.replace(/^\/console(?=\/|$)/, '')
  const path = `/console${below === '/' ? '' : below}`
  return encodeURIComponent(c.req.method === 'GET' ? `${path}${search}` : '/console')
}
