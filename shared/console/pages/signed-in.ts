import type { Context, MiddlewareHandler } from 'hono'

import { resumeSession } from '../sign-in/console-sessions.ts'
import { sessionCookie } from '../sign-in/cookies.ts'
import { me } from '../views/me-view.ts'
import type { Ask, ConsoleEnv, Download } from './console-env.ts'
import type { ConsolePorts } from './console-ports.ts'
import { returnPath } from './return-path.ts'
import { showProblem } from './show-problem.tsx'

/** Says that a page asks by itself, without anybody there. */
const BY_ITSELF = 'sluice-by-itself'

/** Lets nobody on who is not signed in; who is, is in the context with what they may ask. */
export function signedIn(
  ports: ConsolePorts,
  asking: (
    c: Context<ConsoleEnv>,
    token: string,
  ) => { readonly ask: Ask; readonly download: Download },
): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    const id = sessionCookie.read(c)
    const isInUse = c.req.header(BY_ITSELF) === undefined
    const session =
      id === undefined ? 'none' : await resumeSession(ports, id, isInUse, ports.clock())
    if (session === 'none') {
      if (id !== undefined) sessionCookie.clear(c)
      // Whoever sent a form is told that it was not heeded.
      if (c.req.method !== 'GET')
        return showProblem(c, {
          status: 403,
          message: 'you are not signed in any more, and nothing was changed',
        })
      return c.redirect(`/console/sign-in?to=${returnPath(c)}`, 303)
    }
    if (session === 'unavailable')
      return showProblem(c, { status: 503, message: 'your issuer does not answer right now' })
    const { ask, download } = asking(c, session.token)
    const viewer = await ask({ path: '/v1/me' }, me)
    if (!viewer.ok) return showProblem(c, viewer.error)
    const { name, roles } = viewer.value
    c.set('viewer', { name, roles, csrf: session.csrf })
    c.set('ask', ask)
    c.set('download', download)
    c.set('at', ports.clock())
    return next()
  }
}
