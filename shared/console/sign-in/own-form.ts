import { timingSafeEqual } from 'node:crypto'

import type { Context } from 'hono'

/**
 * Whether a request that changes something was sent by a page of this console: the browser says that it comes from this
 * origin (`Origin`, and `Sec-Fetch-Site` where it has it), and the form carries the secret of the session.
 */
export async function isOwnForm(c: Context, csrf: string, origin: string): Promise<boolean> {
  if (c.req.header('origin') !== origin) return false
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin') return false
  // What cannot be read as a form is none of ours.
  const form = await c.req.parseBody().catch(() => undefined)
  const given = form?.['csrf']
  if (typeof given !== 'string') return false
  const [a, b] = [Buffer.from(given), Buffer.from(csrf)]
  return a.length === b.length && timingSafeEqual(a, b)
}
