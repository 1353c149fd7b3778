import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/**
 * `__Host-` (RFC 6265bis §4.1.3.2): browsers take it from this host alone, over TLS or loopback, and no other host can set
 * or overwrite it. `Lax`: it comes along when somebody follows a link here, never with what another site posts or loads.
 */
const OPTIONS = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const

const SESSION = '__Host-sluice'
const SIGN_IN = '__Host-sluice-sign-in'

/** What ties a browser to its session. */
export const sessionCookie = cookie(SESSION)

/** What ties a sign-in under way to the browser that began it. */
export const signInCookie = cookie(SIGN_IN)

function cookie(name: string): {
  readonly read: (c: Context) => string | undefined
  readonly set: (c: Context, value: string, seconds: number) => void
  readonly clear: (c: Context) => void
} {
  return {
    read: (c) => getCookie(c, name),
    set: (c, value, maxAge) => setCookie(c, name, value, { ...OPTIONS, maxAge }),
    clear: (c) => void deleteCookie(c, name, OPTIONS),
  }
}
