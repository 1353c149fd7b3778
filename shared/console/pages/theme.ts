import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'

/** How the console can look: as the reader's system says, or as they chose. */
export const themes = ['auto', 'light', 'dark'] as const

export type Theme = (typeof themes)[number]

/** Kept in a cookie, so that the first byte of a page is in the right colours. */
export const THEME_COOKIE = 'sluice-theme'

/** The reader's choice; `auto` for none, or for one that is not known. */
export function themeOf(c: Context): Theme {
  const chosen = getCookie(c, THEME_COOKIE)
  return themes.find((theme) => theme === chosen) ?? 'auto'
}
