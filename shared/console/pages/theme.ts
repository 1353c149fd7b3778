import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'

/** How the console looks: as the reader's system says, or as they chose. */
export type Theme = 'auto' | 'light' | 'dark'

/** Kept in a cookie, so that the first byte of a page is in the right colours. */
export const THEME_COOKIE = 'sluice-theme'

/** The reader's choice; `auto` for none, or for one that is not known. */
export function themeOf(c: Context): Theme {
  const chosen = getCookie(c, THEME_COOKIE)
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto'
}
