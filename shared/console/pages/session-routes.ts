import type { Hono } from 'hono'
import { setCookie } from 'hono/cookie'

import { endSession } from '../sign-in/console-sessions.ts'
import { sessionCookie } from '../sign-in/cookies.ts'
import { wayBack } from '../sign-in/way-back.ts'
import type { ConsoleEnv } from './console-env.ts'
import type { ConsolePorts } from './console-ports.ts'
import { THEME_COOKIE, themes } from './theme.ts'

const YEAR_SECONDS = 365 * 24 * 60 * 60

/** What somebody does about their session: end it, or choose how it looks. */
export function sessionRoutes(app: Hono<ConsoleEnv>, ports: ConsolePorts): void {
  const { gateway } = ports.signIn
  app.post('/sign-out', async (c) => {
    const id = sessionCookie.read(c)
    if (id !== undefined) await endSession(ports, id)
    sessionCookie.clear(c)
    return c.redirect('/console/signed-out', 303)
  })
  app.post('/theme', async (c) => {
    const { theme: wanted } = await c.req.parseBody()
    const theme = themes.find((each) => each === wanted) ?? 'auto'
    setCookie(c, THEME_COOKIE, theme, {
      path: '/console',
      maxAge: YEAR_SECONDS,
      sameSite: 'Lax',
      secure: gateway.startsWith('https:'),
    })
    return c.redirect(wayBack(c.req.header('referer'), gateway), 303)
  })
}
