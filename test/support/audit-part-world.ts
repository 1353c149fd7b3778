import { randomBytes } from 'node:crypto'

import { OpenAPIHono } from '@hono/zod-openapi'
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'

import { gatewayKeys } from '../../shared/adapters/key-file/gateway-keys.ts'
import { registeredSearches } from '../../shared/adapters/registers/saved-searches.ts'
import type { AuditApp, AuditEnv } from '../../shared/console/api/audit-app.ts'
import type { AuditPorts, AuditSurface } from '../../shared/console/audit-ports.ts'
import type { ReadableLog } from '../../shared/console/log/readable-log.ts'
import { identifier } from '../../shared/identity/identifier.ts'
import { ownTokens } from '../../shared/identity/own-tokens.ts'
import { err, ok } from '../../shared/kernel/result.ts'
import { parsePolicy } from '../../shared/policy/parse-policy.ts'
import { createOrFail } from '../../shared/recording/create-or-fail.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import { documentIdOf, documentOf } from '../../shared/recording/search/document-of.ts'
import type { SavedSearches } from '../../shared/recording/search/saved-searches.ts'
import type { SearchDocument } from '../../shared/recording/search/search-document.ts'
import { tokensOf } from '../../shared/recording/search/tokens-of.ts'
import { openSession } from '../../shared/session/open-session.ts'
import type { Session } from '../../shared/session/session.ts'
import { exportTrust, exportWorld } from './export-world.ts'
import { type MemorySearchIndex, memorySearchIndex } from './memory-search-index.ts'
import { GATEWAY, POLICY, type Person, publicJwk, signToken } from './people.ts'

/** Otto audits, petra reads private facts too, paul only has that role, ana sees what she did, carla writes policy. */
const ROLES = `roles:
  auditors: auditor
  privacy-office: [auditor, private-reader]
  clinicians: policy-admin
  etl: records-manager
  analysts: requester
rules:`

const ownKey = await generateKeyPair('ES256', { extractable: true })
const ownKeys = await gatewayKeys(JSON.stringify(await exportJWK(ownKey.privateKey)))

/** What the parts of the audit API ask of the world, as far as it is the same for all of them. */
export interface PartPorts extends AuditPorts {
  log: ReadableLog | undefined
  readonly savedSearches: SavedSearches
  readonly index: MemorySearchIndex
  readonly refreshIndex: () => Promise<void>
}

/** A request as somebody; without `as`, as nobody. */
interface Sent {
  readonly as?: Person
  readonly claims?: Readonly<Record<string, unknown>>
  readonly method?: string
  readonly body?: unknown
}

/** Some routes of the audit API over a record of their own, in SQLite, with its log in memory. */
export function auditPartWorld<P>(
  more: (ports: PartPorts) => P,
  mount: (app: AuditApp, ports: PartPorts & P, surface: AuditSurface) => void,
  { policy: text = POLICY.replace('rules:', ROLES) }: { readonly policy?: string } = {},
) {
  const record = exportWorld()
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const policy = parsed.value
  const failures: unknown[] = []
  const knobs = { isReady: true, appendFails: false }
  const identify = identifier({
    issuers: policy.issuers,
    keySets: () => Promise.resolve(createLocalJWKSet({ keys: [publicJwk] })),
    ownTokens: ownTokens({
      issuer: GATEWAY,
      audience: GATEWAY,
      key: ownKeys.signing,
      retired: ownKeys.retired,
      randomToken: () => randomBytes(32).toString('base64url'),
    }),
  })
  const { entries } = record.recorder
  const ports: PartPorts = {
    ...record.recorder,
    entries: {
      ...entries,
      create: (stored) =>
        knobs.appendFails ? Promise.reject(new Error('the store is down')) : entries.create(stored),
    },
    sleep: async () => {},
    policy: () => (knobs.isReady ? ok(policy) : err(['no policy'])),
    identify,
    log: { objects: record.objects, trust: () => Promise.resolve(exportTrust) },
    savedSearches: registeredSearches(record.store.registers),
    index: memorySearchIndex(),
    refreshIndex: () => index(),
  }
  const all = { ...ports, ...more(ports) }
  const app: AuditApp = new OpenAPIHono<AuditEnv>().basePath('/v1')
  const surface: AuditSurface = {
    sourceAddress: () => '192.0.2.7',
    challenge: () => 'Bearer',
    refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock: Date.now }),
    onFailure: (cause) => failures.push(cause),
  }
  mount(app, all, surface)
  app.onError((cause) => {
    failures.push(cause)
    return new Response('failed', { status: 500 })
  })
  const stored = async (): Promise<readonly Entry[]> =>
    (await entries.committed({ at: 0 }, 10_000)).map(({ bytes }): Entry =>
      JSON.parse(bytes.toString()),
    )
  let places = 0
  const put = async (documents: readonly SearchDocument[]): Promise<void> => {
    const indexed = documents.map((document) => ({ document, tokens: tokensOf(document) }))
    const expected = await ports.index.upTo()
    await ports.index.put(indexed, {
      expected,
      next: { at: (places += 1), after: undefined, version: 1, turn: 0 },
    })
  }
  const index = async (): Promise<void> => {
    const groups = Map.groupBy(await stored(), documentIdOf)
    await put([...groups].flatMap(([id, own]) => (id === undefined ? [] : (documentOf(own) ?? []))))
  }
  return {
    ...record,
    app,
    ports: all,
    policy,
    failures,
    knobs,
    stored,
    put,
    /** Puts on the record that a policy came into force, epoch milliseconds. */
    policySince: async (digest: string, at: number): Promise<void> => {
      await createOrFail(ports, {
        v: 1,
        type: 'configuration-changed',
        id: `configuration~${digest}`,
        at,
        what: 'policy',
        before: undefined,
        after: digest,
        text: undefined,
        by: undefined,
      })
    },
    /** The session that somebody works in. */
    sessionOf: async (name: Person): Promise<Session> => {
      const token = await signToken(name, Date.now())
      const identity = await identify(`Bearer ${token}`, Date.now())
      if (!identity.ok) throw new Error(identity.error.problem)
      return openSession(identity.value, {
        sourceAddress: '192.0.2.7',
        userAgent: 'genai-toolbox/1.12.0',
        apiClient: undefined,
        sessionName: `work of ${name}`,
        labels: {},
      })
    },
    send: async (path: string, { as, claims, method, body }: Sent = {}): Promise<Response> => {
      const headers = new Headers()
      if (as !== undefined)
        headers.set('authorization', `Bearer ${await signToken(as, Date.now(), claims)}`)
      if (body !== undefined) headers.set('content-type', 'application/json')
      const sent = body === undefined ? undefined : JSON.stringify(body)
      const init = { headers, method: method ?? (sent === undefined ? 'GET' : 'POST') }
      return app.request(`/v1${path}`, sent === undefined ? init : { ...init, body: sent })
    },
    /** What was recorded of the API itself, in order: refusals by their problem, reads by what was read. */
    recorded: async (): Promise<readonly string[]> =>
      (await stored()).flatMap((entry) => {
        if (entry.type === 'refusal') return [entry.problem]
        return entry.type === 'audit-read' ? [entry.what] : []
      }),
  }
}
