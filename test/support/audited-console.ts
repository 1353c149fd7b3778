import { randomBytes } from 'node:crypto'

import { Hono } from 'hono'
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'

import { gatewayKeys } from '../../shared/adapters/key-file/gateway-keys.ts'
import { registeredBrowserSessions } from '../../shared/adapters/registers/browser-sessions.ts'
import type { AuditApiPorts } from '../../shared/console/api/audit-api.ts'
import { consoleApp } from '../../shared/console/pages/console-app.ts'
import { startSession } from '../../shared/console/sign-in/console-sessions.ts'
import { identifier } from '../../shared/identity/identifier.ts'
import { ownTokens } from '../../shared/identity/own-tokens.ts'
import { sealer } from '../../shared/identity/sign-in/sealer.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import { auditApiWorld } from './audit-api-world.ts'
import { GATEWAY, ISSUER, PEOPLE, type Person, publicJwk } from './people.ts'

const COOKIE = '__Host-sluice'
const HOUR_MS = 60 * 60_000

const keySets = () => Promise.resolve(createLocalJWKSet({ keys: [publicJwk] }))
const randomToken = () => randomBytes(32).toString('base64url')

/** Somebody at a browser, with a session of the console. */
export interface AtBrowser {
  readonly cookie: string
  /** A page as they get it. Redirects are not followed. */
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>
  /** A form as a page of the console sends it. */
  readonly post: (path: string, form: Readonly<Record<string, string>>) => Promise<Response>
  /** What their forms have to carry. */
  readonly csrf: () => Promise<string>
}

/** The console in front of the real audit API: what a page shows is what the API tells whoever is signed in. */
export async function auditedConsole(
  portsVia: (usual: AuditApiPorts) => AuditApiPorts = (usual) => usual,
) {
  const key = await generateKeyPair('ES256', { extractable: true })
  const keys = await gatewayKeys(JSON.stringify(await exportJWK(key.privateKey)))
  const own = ownTokens({
    issuer: GATEWAY,
    audience: GATEWAY,
    key: keys.signing,
    retired: keys.retired,
    randomToken,
  })
  const world = await auditApiWorld((usual) => {
    const policy = usual.policy()
    const issuers = policy.ok ? policy.value.issuers : []
    return portsVia({ ...usual, identify: identifier({ issuers, keySets, ownTokens: own }) })
  })
  const failures: unknown[] = []
  const signIn = {
    gateway: GATEWAY,
    issuers: world.policy.issuers,
    keySets,
    issuerClient: {
      endpoints: () => Promise.reject(new Error('no issuer here')),
      redeem: () => Promise.reject(new Error('no issuer here')),
    },
    randomToken,
    sealer: sealer(keys.sealing, GATEWAY),
    ownTokens: own,
  }
  const ports = {
    ...world.recorder,
    signIn,
    sessions: registeredBrowserSessions(world.store.registers, world.recorder.clock),
    api: (request: Request, env: unknown) => world.app.fetch(request, { ...Object(env) }),
  }
  const inner = consoleApp(ports, {
    sourceAddress: () => '192.0.2.8',
    refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock: Date.now }),
    onFailure: (cause) => failures.push(cause),
  })
  const app = new Hono().mount('/console', (request: Request) => inner.fetch(request))
  const request = (path: string, init: RequestInit = {}) =>
    Promise.resolve(app.request(`${GATEWAY}${path}`, init))

  /** Signs somebody in; `actors` for an agent that acts for them. */
  const at = async (
    name: Person,
    vouched: { readonly subject?: string; readonly actors?: readonly string[] } = {},
  ): Promise<AtBrowser> => {
    const now = Date.now()
    const { subject = name, actors = [] } = vouched
    const id = await startSession(
      ports,
      {
        vouched: {
          issuer: ISSUER,
          subject,
          clientId: 'bq',
          groups: PEOPLE[name],
          named: {},
          actors: actors.map((actor) => ({ subject: actor })),
          lifetime: `console-of-${subject}`,
        },
        until: now + HOUR_MS,
        refreshToken: undefined,
      },
      now,
    )
    if (id === undefined) throw new Error('no session')
    const cookie = `${COOKIE}=${id}`
    const get: AtBrowser['get'] = (path, headers = {}) =>
      request(path, { headers: { cookie, ...headers } })
    const csrf = async () =>
      /name="csrf" value="([^"]+)"/.exec(await (await get('/console')).text())?.[1] ?? ''
    return {
      cookie,
      get,
      csrf,
      post: async (path, form) =>
        request(path, {
          method: 'POST',
          body: new URLSearchParams({ csrf: await csrf(), ...form }),
          headers: { cookie, origin: GATEWAY },
        }),
    }
  }
  return { ...world, failures, apiFailures: world.failures, inner, request, at }
}
