import { randomBytes } from 'node:crypto'

import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'

import { breakOff } from '../../functions/break-off.ts'
import { gatewayKeys } from '../../shared/adapters/key-file/gateway-keys.ts'
import { registeredConfigurations } from '../../shared/adapters/registers/configurations.ts'
import { registeredHolds } from '../../shared/adapters/registers/holds.ts'
import { registeredErasures } from '../../shared/adapters/registers/pending-erasures.ts'
import { registered } from '../../shared/adapters/registers/registered.ts'
import { registeredSearches } from '../../shared/adapters/registers/saved-searches.ts'
import { settle } from '../../shared/approval/permit.ts'
import { type AuditApiPorts, auditApi } from '../../shared/console/api/audit-api.ts'
import { instanceMemory } from '../../shared/gateway/instance-memory.ts'
import { usualHold } from '../../shared/gateway/long-poll.ts'
import { bearerChallenge } from '../../shared/gateway/sign-in/bearer-challenge.ts'
import { identifier } from '../../shared/identity/identifier.ts'
import { ownTokens } from '../../shared/identity/own-tokens.ts'
import { err, ok } from '../../shared/kernel/result.ts'
import { parsePolicy } from '../../shared/policy/parse-policy.ts'
import { newCallId } from '../../shared/recording/call-id.ts'
import type { CallFacts, Entry } from '../../shared/recording/entry.ts'
import { noteConfiguration } from '../../shared/recording/note-configuration.ts'
import { recordOutcome } from '../../shared/recording/record-outcome.ts'
import { recordRefusal } from '../../shared/recording/record-refusal.ts'
import { recordRequest } from '../../shared/recording/record-request.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import { openSession } from '../../shared/session/open-session.ts'
import type { Session } from '../../shared/session/session.ts'
import { atV1 } from './at-v1.ts'
import { exportTrust, exportWorld } from './export-world.ts'
import { indexAll } from './index-all.ts'
import { memorySearchIndex } from './memory-search-index.ts'
import { GATEWAY, POLICY, type Person, publicJwk, signToken } from './people.ts'
import { sampleCall, sampleDecision, sampleDelivered, sampleFacts } from './sample-entries.ts'

/** Otto audits, petra reads private facts too, ana and bob ask, carla approves and has policy, etl manages records. */
const ROLES = `roles:
  auditors: auditor
  privacy-office: [auditor, private-reader]
  analysts: requester
  clinicians: [approver, policy-admin]
  etl: records-manager
rules:`

/** Who asks: without any of it, nobody. */
export interface As {
  readonly as?: Person
  readonly claims?: Readonly<Record<string, unknown>>
}

const unasked = async () => Promise.reject(new Error('no BigQuery here'))
const noCatalog = () => ({ table: unasked, routine: unasked, tablesLike: unasked })

const ownKey = await generateKeyPair('ES256', { extractable: true })
const ownKeys = await gatewayKeys(JSON.stringify(await exportJWK(ownKey.privateKey)))

/** The audit API over a record of its own: entries in SQLite, a log that is sealed, an index in memory. */
export async function auditApiWorld(
  portsVia: (usual: AuditApiPorts) => AuditApiPorts = (usual) => usual,
) {
  const record = exportWorld()
  const { recorder, store, objects } = record
  const parsed = parsePolicy(POLICY.replace('rules:', ROLES))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const policy = parsed.value
  const { digest, text } = policy
  await noteConfiguration(recorder, registeredConfigurations(store.registers), {
    what: 'policy',
    digest,
    text,
  })
  const index = memorySearchIndex()
  const failures: unknown[] = []
  const knobs = { isReady: true }
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
  const asking = {
    ...recorder,
    catalog: noCatalog,
    analyze: unasked,
    dryRun: () => unasked,
    memory: instanceMemory(),
    policy: () => (knobs.isReady ? ok(policy) : err(['no policy'])),
    identify,
  }
  const ports = portsVia({
    ...asking,
    objects,
    log: { objects, trust: async () => exportTrust },
    index,
    refreshIndex: () => indexAll(store.entries, index),
    derivedTags: store.derivedTags,
    replays: {
      ...asking,
      ...registered(store.registers),
      jobs: store.jobs,
      relocate: unasked,
      upstream: unasked,
      publish: unasked,
      masking: { tokenKey: Buffer.alloc(32), detect: async () => [] },
      hold: usualHold,
      onTrouble: (cause) => failures.push(cause),
    },
    savedSearches: registeredSearches(store.registers),
    holds: registeredHolds(store.registers),
    grants: registered(store.registers).grants,
    pending: registeredErasures(store.registers),
    reconcile: async () => Promise.reject(new Error('no BigQuery here')),
  })
  const app = atV1(
    auditApi(ports, {
      mountedAt: '/v1',
      sourceAddress: () => '192.0.2.7',
      challenge: (problem) =>
        bearerChallenge(problem, { resourceMetadataUrl: `${GATEWAY}/.well-known/x` }),
      refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock: Date.now }),
      onFailure: (cause) => failures.push(cause),
      breakOff: (c) => breakOff(c.env),
    }),
  )
  const entries = async (): Promise<readonly Entry[]> =>
    (await store.entries.committed({ at: 0 }, 10_000)).map(({ bytes }): Entry =>
      JSON.parse(bytes.toString()),
    )
  const send = async (path: string, { as, claims }: As, init: RequestInit = {}) => {
    const headers = new Headers({ 'content-type': 'application/json' })
    if (as !== undefined)
      headers.set('authorization', `Bearer ${await signToken(as, Date.now(), claims)}`)
    return app.request(path, { ...init, headers })
  }
  return {
    ...record,
    app,
    policy,
    index,
    failures,
    knobs,
    entries,
    send,
    get: (path: string, as: Person, claims?: As['claims']) =>
      send(path, claims === undefined ? { as } : { as, claims }),
    /** The session that somebody works in. */
    sessionOf: async (name: Person, claims: As['claims'] = {}): Promise<Session> => {
      const identity = await identify(
        `Bearer ${await signToken(name, Date.now(), claims)}`,
        Date.now(),
      )
      if (!identity.ok) throw new Error(identity.error.problem)
      return openSession(identity.value, {
        sourceAddress: '192.0.2.7',
        userAgent: 'genai-toolbox/1.12.0',
        apiClient: undefined,
        sessionName: `work of ${name}`,
        labels: {},
      })
    },
    /** A query that is permitted and answered, with a mask on `patients.ssn`. */
    ask: async (session: Session, facts: Partial<CallFacts> = {}): Promise<string> => {
      const callId = newCallId(randomBytes)
      const permit = settle({ ...maskedDecision, policyDigest: digest }, () => sampleCall())
      if (!permit.ok) throw new Error('unreachable')
      const recorded = await recordRequest(recorder, {
        callId,
        permit: permit.value,
        connection: 'main',
        session,
        facts: { ...readsSsn, ...facts },
      })
      if (!recorded.ok) throw new Error('not recorded')
      const ended = await recordOutcome(recorder, {
        recorded: recorded.value,
        session,
        startedAt: Date.now(),
        results: 'masked',
        outcome: 'released',
        delivery: sampleDelivered,
        credentialVersion: '7',
      })
      if (!ended.ok) throw new Error('not recorded')
      return callId
    },
    /** One that is denied. */
    denied: async (session: Session, facts: Partial<CallFacts> = {}): Promise<string> => {
      const written = await recordRefusal(recorder, {
        facts: { ...readsSsn, ...facts },
        session,
        problem: 'denied',
        detail: 'a detail that the caller was not told',
        decision: { effect: 'deny', rules: [], reason: 'no-matching-rule', policyDigest: digest },
        source: { address: '192.0.2.9', userAgent: undefined },
      })
      if (!written.ok) throw new Error('not recorded')
      return written.value.entry.call ?? ''
    },
    /** What was recorded of the API itself, in order. */
    recorded: async () =>
      (await entries()).flatMap((entry): readonly unknown[] => {
        if (entry.type === 'refusal' && entry.method.includes('/v1')) return [entry.problem]
        return entry.type === 'audit-read' || entry.type === 'exported'
          ? [{ what: entry.what, filter: entry.filter, private: entry.withPrivate }]
          : []
      }),
  }
}

const SSN = 'acme.hospital.patients.ssn'

const maskedDecision = {
  ...sampleDecision,
  obligations: {
    ...sampleDecision.obligations,
    masks: [
      {
        path: [0],
        name: 'ssn',
        mask: { kind: 'expression', expression: 'LAST_FOUR_CHARACTERS' },
        columns: [SSN],
      },
    ],
    governed: true,
  },
} as const

const readsSsn: CallFacts = {
  ...sampleFacts,
  sql: "SELECT ssn FROM hospital.patients WHERE name = 'Secret Name'",
  strippedSql: 'SELECT ssn FROM hospital.patients WHERE name = ?',
  columns: [SSN, 'acme.hospital.patients.name'],
  filterColumns: ['acme.hospital.patients.name'],
  justification: 'audit of the ward',
}
