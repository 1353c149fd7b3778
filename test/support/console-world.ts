import { Hono } from 'hono'

import { registeredBrowserSessions } from '../../shared/adapters/registers/browser-sessions.ts'
import { consoleApp } from '../../shared/console/pages/console-app.ts'
import { type ConsolePorts } from '../../shared/console/pages/console-ports.ts'
import type { SignInPorts } from '../../shared/identity/sign-in/sign-in.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import { browser, inPage, logIn } from './browser.ts'
import { GATEWAY, type IdentityWorld, identityWorld } from './identity-world.ts'
import { memoryRegisters } from './memory-registers.ts'
import { recordingWorld } from './recording-world.ts'

/** A request the API got. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly as: string
  readonly userAgent: string | null
}

/** The console in front of the real local issuer, with sessions in memory and an API that says who asks. */
export async function consoleWorld(signIn: Partial<SignInPorts> = {}) {
  const identity: IdentityWorld = await identityWorld()
  const recording = recordingWorld()
  const registers = memoryRegisters()
  const asked: Asked[] = []
  const failures: unknown[] = []
  const ports: ConsolePorts = {
    ...recording.recorder,
    clock: () => identity.time,
    signIn: { ...identity.ports, ...signIn },
    sessions: registeredBrowserSessions(registers, () => identity.time),
    api: async (request) => {
      const who = await identity.identify(
        request.headers.get('authorization') ?? undefined,
        identity.time,
      )
      if (!who.ok) return Response.json({ error: { message: who.error.problem } }, { status: 401 })
      const { pathname, search } = new URL(request.url)
      const { issuer, subject, email } = who.value
      const userAgent = request.headers.get('user-agent')
      asked.push({ method: request.method, path: `${pathname}${search}`, as: subject, userAgent })
      if (pathname === '/v1/me')
        return Response.json({ name: email ?? subject, issuer, subject, roles: [] })
      if (pathname === '/v1/approvals') return Response.json({ approvals: [] })
      return Response.json({ error: { message: 'none' } }, { status: 404 })
    },
  }
  const inner = consoleApp(ports, {
    sourceAddress: () => '192.0.2.7',
    refusalBudget: refusalBudget({
      perMinute: 30,
      totalPerMinute: 600,
      clock: () => identity.time,
    }),
    onFailure: (cause) => failures.push(cause),
  })
  const app = new Hono()
  app.mount('/console', (request: Request) => inner.fetch(request))

  const jar = new Map<string, string>()
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await app.request(`${GATEWAY}${path}`, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  /** To the issuer and back, as far as the address with the code. */
  const toCallback = async (person: string, path = '/console/sign-in'): Promise<string> => {
    const begun = await request(path)
    const location = inPage(begun.headers.get('refresh') ?? '', /^0; url=(.+)$/)
    const at = browser()
    const login = await at.follow(await at.go(location), location, until)
    const done = await logIn(login, at, person, `${person}-secret`, until)
    return done.at.slice(GATEWAY.length)
  }
  return {
    identity,
    registers,
    asked,
    failures,
    jar,
    store: recording.store,
    request,
    toCallback,
    /** Signs somebody in; resolves with the answer that sets the session's cookie. */
    signIn: async (person: string, path?: string) => request(await toCallback(person, path)),
    /** A form as a page of the console would send it. */
    post: (
      path: string,
      form: Readonly<Record<string, string>>,
      headers: Readonly<Record<string, string>> = { origin: GATEWAY },
    ) => request(path, { method: 'POST', body: new URLSearchParams(form), headers }),
    close: () => identity.close(),
  }
}

function until(url: string): boolean {
  return url.startsWith(`${GATEWAY}/console/callback`)
}
