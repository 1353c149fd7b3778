import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

import { Hono } from 'hono'
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'

import { httpListener } from '../../functions/http-listener.ts'
import type { CredentialProvider } from '../../shared/adapters/bigquery/credential.ts'
import { undiciUpstream } from '../../shared/adapters/bigquery/undici-upstream.ts'
import { inProcessQueue } from '../../shared/adapters/in-process-queue/in-process-queue.ts'
import { gatewayKeys } from '../../shared/adapters/key-file/gateway-keys.ts'
import { type Registered, registered } from '../../shared/adapters/registers/registered.ts'
import { Redacted } from '../../shared/adapters/secret-manager/redacted.ts'
import type { Analyze } from '../../shared/analysis/analysis.ts'
import { approvalsRoutes } from '../../shared/approval-desk/api/approvals-routes.ts'
import { deskWork } from '../../shared/approval-desk/desk-work.ts'
import type { Desk } from '../../shared/approval-desk/desk.ts'
import { followUp } from '../../shared/approval-desk/follow-up.ts'
import type { Announce } from '../../shared/approval/announce.ts'
import { gatewayApp } from '../../shared/gateway/app.ts'
import { closeCalls } from '../../shared/gateway/close-calls.ts'
import { startHeld } from '../../shared/gateway/held/start-held.ts'
import { stopHeld } from '../../shared/gateway/held/stop-held.ts'
import { instanceMemory } from '../../shared/gateway/instance-memory.ts'
import { type HoldLimits, usualHold } from '../../shared/gateway/long-poll.ts'
import type { Ports } from '../../shared/gateway/ports.ts'
import { bearerChallenge } from '../../shared/gateway/sign-in/bearer-challenge.ts'
import { identifier } from '../../shared/identity/identifier.ts'
import type { KeySets } from '../../shared/identity/key-sets.ts'
import { ownTokens } from '../../shared/identity/own-tokens.ts'
import type { IdentityProblem } from '../../shared/identity/principal.ts'
import { err, ok } from '../../shared/kernel/result.ts'
import { findIdentifiers } from '../../shared/masking/find-identifiers.ts'
import { parsePolicy } from '../../shared/policy/parse-policy.ts'
import { formatProblems } from '../../shared/policy/policy-problem.ts'
import type { Policy } from '../../shared/policy/policy.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import type { Upstream } from '../../shared/upstream/upstream.ts'
import { fakeAnalyzer } from './fake-analyzer.ts'
import { memoryRegisters } from './memory-registers.ts'
import { memoryStore } from './memory-store.ts'
import { GATEWAY, POLICY, type Person, publicJwk, signToken } from './people.ts'
import { stubBigQuery } from './stub-bigquery.ts'
import { startStubUpstream } from './stub-upstream.ts'

export { GATEWAY, ISSUER, POLICY, type Person } from './people.ts'
import { recorderParts } from './record-parts.ts'

/** What Sluice shows BigQuery. It may show up nowhere else. */
export const CANARY = 'ya29.canary-credential-of-sluice'

export interface WorldOptions {
  readonly policy?: string
  /** Default: `fakeAnalyzer`. */
  readonly analyze?: Analyze
  /** Default: knows no table. */
  readonly questions?: Pick<Ports, 'catalog' | 'dryRun'>
  readonly keySets?: KeySets
  readonly credentials?: (connection: string) => CredentialProvider
  /** In place of the adapter that talks to the stub. */
  readonly upstream?: Upstream
  readonly hold?: Partial<HoldLimits>
  /** No call waits longer for BigQuery. Default 20 s: a busy machine takes its time. */
  readonly upstreamTimeoutMs?: number
  readonly perMinute?: number
  readonly notReady?: () => Promise<readonly string[]>
  /** Default: nobody signs in. */
  readonly signIn?: Hono
  /** In place of one that only remembers. */
  readonly announce?: Partial<Announce>
  /** In place of stores of its own: worlds that keep things in one place are instances of one gateway. */
  readonly kept?: Kept
  /** Likewise. */
  readonly time?: { offset: number }
  /** What the app and the desk get in place of the ports. */
  readonly portsVia?: (ports: Ports) => Ports
  /** What goes wrong unexpectedly is expected here: look at `failures`. */
  readonly mayFail?: boolean
}

/** What instances share. */
export type Kept = Registered & Pick<Ports, 'entries' | 'jobs'>

/** What the announcer heard. */
export interface Told {
  readonly id: string
  readonly news: string
}

export type Init = RequestInit & { readonly as?: Person | undefined; readonly token?: string }

const ownKey = await generateKeyPair('ES256', { extractable: true })
const ownKeys = await gatewayKeys(JSON.stringify(await exportJWK(ownKey.privateKey)))

/** What masks need of the world, with a key that is the same in every test. */
const masking = { tokenKey: Buffer.alloc(32, 7), detect: findIdentifiers }

/** The gateway with memory behind its ports, in front of a BigQuery that tests script. */
export async function world(options: WorldOptions = {}) {
  const bigQuery = stubBigQuery()
  const upstreamServer = await startStubUpstream(bigQuery.respond)
  const store = memoryStore()
  const kept: Kept = options.kept ?? {
    entries: store.entries,
    jobs: store.jobs,
    ...registered(memoryRegisters()),
  }
  const { entries, jobs, ...state } = kept
  const time = options.time ?? { offset: 0 }
  const clock = () => Date.now() + time.offset
  const from: { address: string | undefined } = { address: '192.0.2.7' }
  const failures: unknown[] = []
  const policy = policyOf(options.policy ?? POLICY)

  const adapter = undiciUpstream({
    baseUrl: upstreamServer.url,
    credentials: options.credentials ?? (() => canaryCredential),
    clock,
  })
  const patience = { ms: options.upstreamTimeoutMs ?? 20_000 }
  const keySets: KeySets =
    options.keySets ?? (() => Promise.resolve(createLocalJWKSet({ keys: [publicJwk] })))
  const troubles: unknown[] = []
  const queue = inProcessQueue({
    receive: {
      'dev.sluice.approval.requested': async (message) =>
        work.receive['dev.sluice.approval.requested']?.(message),
      'dev.sluice.approval.vote': async (message) =>
        work.receive['dev.sluice.approval.vote']?.(message),
    },
    deadLetter: (message) => work.deadLetter(message),
    onFailure: (cause) => troubles.push(cause),
    firstBackoffMs: 5,
  })
  const { portsVia = (usual) => usual } = options
  const ports = portsVia({
    ...recorderParts(),
    policy: () => ok(policy),
    identify: identifier({
      issuers: policy.issuers,
      keySets,
      ownTokens: ownTokens({
        issuer: GATEWAY,
        audience: GATEWAY,
        key: ownKeys.signing,
        retired: ownKeys.retired,
        randomToken: () => randomBytes(32).toString('base64url'),
      }),
    }),
    analyze: options.analyze ?? fakeAnalyzer,
    catalog: options.questions?.catalog ?? noCatalog,
    dryRun: options.questions?.dryRun ?? (() => () => Promise.reject(new Error('nobody asks'))),
    ...state,
    masking,
    entries,
    jobs,
    upstream:
      options.upstream ??
      ((recorded, limits) =>
        adapter(recorded, { ...limits, timeoutMs: Math.min(limits.timeoutMs, patience.ms) })),
    clock,
    random: randomBytes,
    sleep: async () => {},
    publish: (message) => queue.publish(message),
    onTrouble: (cause) => troubles.push(cause),
    hold: { ...usualHold, ...options.hold },
    memory: instanceMemory(),
  })
  const told: Told[] = []
  const deskParts: Desk = {
    ...ports,
    policy,
    peopleSeen: state.peopleSeen,
    announce: {
      tell: async ({ id }, news) => void told.push({ id, news }),
      settled: async ({ id }) => void told.push({ id, news: 'settled' }),
      ...options.announce,
    },
    known: ports.memory.grants,
    start: (id) => startHeld(ports, id),
    stop: (grant) => stopHeld(ports, grant),
    closeCalls: () => closeCalls({ ...ports, watermarks: state.watermarks }),
  }
  const work = deskWork(deskParts)
  const surface = {
    publicUrl: GATEWAY,
    sourceAddress: () => from.address,
    challenge: (problem: IdentityProblem) =>
      bearerChallenge(problem, {
        resourceMetadataUrl: `${GATEWAY}/.well-known/oauth-protected-resource`,
      }),
    refusalBudget: refusalBudget({
      perMinute: options.perMinute ?? 30,
      totalPerMinute: 600,
      clock,
    }),
    onFailure: (cause: unknown) => void failures.push(cause),
  }
  const approvals = approvalsRoutes(
    {
      ...ports,
      peopleSeen: state.peopleSeen,
      known: ports.memory.grants,
      settled: ({ id }) => followUp(deskParts, id),
    },
    surface,
  )
  const app = gatewayApp(ports, {
    ...surface,
    mounted: { '/v1/approvals': (request, env) => approvals.fetch(request, env) },
    signIn: options.signIn ?? new Hono(),
    notReady: options.notReady ?? (() => Promise.resolve([])),
  })

  const token = (
    name: Person,
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string> => signToken(name, clock(), claims, header)

  const listening: (() => Promise<unknown>)[] = []
  const here = {
    app,
    ports,
    store,
    time,
    /** How long calls wait for BigQuery, in milliseconds. */
    patience,
    from,
    failures,
    /** What was tried again. */
    troubles,
    /** Whom the announcer was to tell what. */
    told,
    /** What is done about approvals beside the data path. */
    desk: work,
    state,
    bigQuery,
    upstream: upstreamServer,
    policy,
    publicJwk,
    token,
    /** A request to the app, as somebody. Without `as` and `token`: as nobody. */
    request: async (path: string, init: Init = {}): Promise<Response> => {
      const { as, token: given, ...rest } = init
      const bearer = given ?? (as === undefined ? undefined : await token(as))
      const headers = new Headers(rest.headers)
      if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`)
      return app.request(path, { ...rest, headers })
    },
    /** A POST of JSON. */
    post: (path: string, body: unknown, init: Init = {}): Promise<Response> =>
      here.request(path, {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...toObject(init.headers) },
      }),
    /** `jobs.query` in project `acme`; as Ana unless somebody else is named. */
    query: (sql: string, init: Init & { readonly body?: never; readonly with?: object } = {}) => {
      const { with: options_, ...rest } = init
      const body = { query: sql, useLegacySql: false, ...options_ }
      return here.post(QUERIES, body, { as: 'ana', ...rest })
    },
    /** `jobs.insert` in project `acme`; as Ana unless somebody else is named. */
    insert: (
      sql: string,
      init: Init & {
        readonly body?: never
        readonly jobReference?: object
        readonly configuration?: object
      } = {},
    ) => {
      const { jobReference, configuration, ...rest } = init
      const body = {
        configuration: { query: { query: sql, useLegacySql: false }, ...configuration },
        ...(jobReference === undefined ? {} : { jobReference }),
      }
      return here.post(JOBS, body, { as: 'ana', ...rest })
    },
    /** The app on a free port, for what only sockets can show. */
    listen: async (): Promise<string> => {
      const server = createServer(httpListener((request, env) => app.fetch(request, env)))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      listening.push(async () => {
        const closed = once(server, 'close')
        server.close()
        server.closeAllConnections()
        await closed
      })
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('no port')
      return `http://127.0.0.1:${address.port}`
    },
    close: async (): Promise<void> => {
      await queue.close()
      await Promise.all(listening.map((stop) => stop()))
      await upstreamServer.close()
      await adapter.close()
      if (failures.length > 0 && options.mayFail !== true)
        throw new Error('the gateway failed where it should not', { cause: failures[0] })
    },
  }
  return here
}

export type World = Awaited<ReturnType<typeof world>>

export const V2 = '/bigquery/v2'
export const QUERIES = `${V2}/projects/acme/queries`
export const JOBS = `${V2}/projects/acme/jobs`
export const SELECT = 'SELECT name FROM acme.hospital.patients'

const canaryCredential: CredentialProvider = {
  token: () =>
    Promise.resolve({
      accessToken: new Redacted(CANARY),
      version: 'projects/1/secrets/s/versions/7',
    }),
  invalidate: () => {},
}

const nothing = (what: string) => Promise.resolve(err({ problem: 'not-in-catalog', what } as const))

const noCatalog: Ports['catalog'] = () => ({
  table: ({ tableId }) => nothing(tableId),
  routine: (_, routineId) => nothing(routineId),
  tablesLike: (_, prefix) => nothing(prefix),
})

function policyOf(text: string): Policy {
  const policy = parsePolicy(text)
  if (!policy.ok) throw new Error(formatProblems(policy.error, 'policy.yaml'))
  return policy.value
}

function toObject(headers: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(new Headers(headers).entries())
}
