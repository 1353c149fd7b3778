import { type Context, Hono } from 'hono'

import { signInIssuers } from '../../identity/sign-in/sign-in.ts'
import { LONGEST_MS } from '../sign-in/browser-session.ts'
import { endSession, startSession } from '../sign-in/console-sessions.ts'
import {
  SIGN_IN_MS,
  type SignInProblem,
  beginSignIn,
  finishSignIn,
} from '../sign-in/console-sign-in.ts'
import { sessionCookie, signInCookie } from '../sign-in/cookies.ts'
import { recordRefusedSignIn } from '../sign-in/record-refused-sign-in.ts'
import { wayBack } from '../sign-in/way-back.ts'
import { ChooseIssuer, NotSignedIn, OnTheWay } from './components/sign-in.tsx'
import type { ConsoleEnv } from './console-env.ts'
import type { ConsolePorts, ConsoleSurface } from './console-ports.ts'
import { showPage } from './show-page.tsx'

/** Everything that leads to a session, and what is seen without one. */
export function signInRoutes(ports: ConsolePorts, surface: ConsoleSurface): Hono<ConsoleEnv> {
  const { signIn, clock } = ports
  const app = new Hono<ConsoleEnv>()

  app.get('/sign-in', async (c) => {
    const to = wayBack(c.req.query('to'), signIn.gateway)
    const named = c.req.query('issuer')
    const issuers = signInIssuers(signIn.issuers).map(({ issuer }) => issuer)
    if (named === undefined && issuers.length > 1)
      return showPage(c, { title: 'Sign in' }, <ChooseIssuer issuers={issuers} to={to} />)
    const begun = await beginSignIn(signIn, named, to, clock())
    if (!begun.ok) return refuse(c, begun.error, to)
    const { location, kept, issuer } = begun.value
    signInCookie.set(c, kept, SIGN_IN_MS / 1000)
    // Not a redirect: one that follows a form may not leave this origin (`form-action` of the CSP).
    c.header('refresh', `0; url=${location}`)
    return showPage(c, { title: 'Sign in' }, <OnTheWay issuer={issuer} location={location} />)
  })

  app.get('/callback', async (c) => {
    const given = Object.entries(c.req.queries())
    // RFC 6749 §3.1: what occurs twice is not understood.
    const query = new Map(
      given.flatMap(([name, [one, ...more]]) =>
        one === undefined || more.length > 0 ? [] : [[name, one]],
      ),
    )
    const finished = await finishSignIn(signIn, query, signInCookie.read(c), clock())
    const before = sessionCookie.read(c)
    if (!finished.ok) {
      // Of two sign-ins begun in one browser, one may have come first.
      if (finished.error.problem === 'over' && before !== undefined)
        return c.redirect('/console', 303)
      signInCookie.clear(c)
      return refuse(c, finished.error, '/console')
    }
    signInCookie.clear(c)
    const { signedIn, to } = finished.value
    const id = await startSession(ports, signedIn, clock())
    if (id === undefined)
      return refuse(
        c,
        { problem: 'refused', words: 'the ID token has expired; is a clock wrong?' },
        to,
      )
    // Session fixation: whatever the browser had before is worth nothing now.
    if (before !== undefined) await endSession(ports, before)
    sessionCookie.set(c, id, LONGEST_MS / 1000)
    return c.redirect(to, 303)
  })

  app.get('/signed-out', (c) =>
    showPage(
      c,
      { title: 'Signed out' },
      <NotSignedIn words="You are signed out of Sluice." to="/console" />,
    ),
  )
  return app

  async function refuse(
    c: Context<ConsoleEnv>,
    problem: SignInProblem,
    to: string,
  ): Promise<Response> {
    await recordRefusedSignIn(ports, surface, c, problem)
    const page = <NotSignedIn words={problem.words} to={to} />
    return showPage(
      c,
      { title: 'Not signed in' },
      page,
      problem.problem === 'unavailable' ? 503 : 400,
    )
  }
}
