import { randomBytes } from 'node:crypto'

import { Hono } from 'hono'
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'

import { gatewayKeys } from '../../shared/adapters/key-file/gateway-keys.ts'
import { registered } from '../../shared/adapters/registers/registered.ts'
import { approvalsRoutes } from '../../shared/approval-desk/api/approvals-routes.ts'
import { voteResolver } from '../../shared/approval-desk/resolve-vote.ts'
import { requestDigest } from '../../shared/approval/effective-request.ts'
import type { Grant, GrantId } from '../../shared/approval/grant.ts'
import type { ApprovalMessage } from '../../shared/approval/messages.ts'
import { claimStart, confirmStart } from '../../shared/approval/transitions.ts'
import { bearerChallenge } from '../../shared/gateway/sign-in/bearer-challenge.ts'
import { identifier } from '../../shared/identity/identifier.ts'
import { ownTokens } from '../../shared/identity/own-tokens.ts'
import { canonicalJson } from '../../shared/kernel/canonical-json.ts'
import { err, ok } from '../../shared/kernel/result.ts'
import { parsePolicy } from '../../shared/policy/parse-policy.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import { memoryRegisters } from './memory-registers.ts'
import { memoryStore } from './memory-store.ts'
import { GATEWAY, ISSUER, POLICY, type Person, publicJwk, signToken } from './people.ts'
import { recorderParts } from './record-parts.ts'
import { ASKED_AT, MINUTE, sampleGrant } from './sample-grant.ts'

/** The privacy office approves, otto audits, clinicians look after Sluice itself. */
const API_POLICY = POLICY.replace(
  'rules:',
  `roles: { privacy-office: approver, auditors: auditor, clinicians: policy-admin }
people:
  - accounts: [{ issuer: ${ISSUER}, sub: ana }, { issuer: ${ISSUER}, sub: ana-admin }]
rules:`,
)

/** Who sends a request: without any of it, nobody. */
export interface As {
  readonly as?: Person
  readonly claims?: Readonly<Record<string, unknown>>
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

const ownKey = await generateKeyPair('ES256', { extractable: true })
const ownKeys = await gatewayKeys(JSON.stringify(await exportJWK(ownKey.privateKey)))

/** The approvals API with memory behind its ports, and a resolver that hears of each vote at once. */
export function approvalsApiWorld() {
  const store = memoryStore()
  const state = registered(memoryRegisters())
  const policy = policyOf(API_POLICY)
  const published: ApprovalMessage[] = []
  const settled: Grant[] = []
  const failures: unknown[] = []
  const troubles: unknown[] = []
  const knobs = {
    now: ASKED_AT + MINUTE,
    /** What becomes of a vote. */
    queue: 'delivers' as 'delivers' | 'is-slow' | 'fails',
    /** What happens while a vote is on its way. */
    meanwhile: async (): Promise<unknown> => undefined,
    isReady: true,
    settledFails: false,
    sleeps: 0,
  }
  const clock = () => knobs.now
  const recorder = {
    ...recorderParts(),
    entries: store.entries,
    clock,
    random: randomBytes,
    sleep: async () => void (knobs.sleeps += 1),
  }
  const again = async ({ id }: { readonly id: GrantId }): Promise<Grant> => {
    const grant = await state.grants.find(id)
    if (grant === undefined) throw new Error('the grant is gone')
    return grant
  }
  const resolve = voteResolver({
    ...recorder,
    ...state,
    policy,
    announce: { tell: async () => {}, settled: async () => {} },
    publish: async () => {},
    known: new Map(),
    start: async (id) => {
      await state.grants.change(id, (grant) => claimStart(grant, clock()))
      await state.grants.change(id, (grant) => confirmStart(grant, clock()))
      return again({ id })
    },
    stop: async () => {},
    closeCalls: async () => {},
    onTrouble: (cause: unknown) => troubles.push(cause),
  })
  const app = new Hono().route(
    '/v1/approvals',
    approvalsRoutes(
      {
        ...recorder,
        policy: () => (knobs.isReady ? ok(policy) : err(['no policy'])),
        identify: identifier({
          issuers: policy.issuers,
          keySets: () => Promise.resolve(createLocalJWKSet({ keys: [publicJwk] })),
          ownTokens: ownTokens({
            issuer: GATEWAY,
            audience: GATEWAY,
            key: ownKeys.signing,
            retired: ownKeys.retired,
            randomToken: () => randomBytes(32).toString('base64url'),
          }),
        }),
        grants: state.grants,
        peopleSeen: state.peopleSeen,
        publish: async (message) => {
          if (knobs.queue === 'fails') throw new Error('no topic')
          published.push(message)
          await knobs.meanwhile()
          if (knobs.queue === 'delivers' && message.type === 'dev.sluice.approval.vote')
            await resolve(message)
        },
        known: new Map(),
        settled: async (grant) => {
          settled.push(grant)
          if (knobs.settledFails) throw new Error('Slack is down')
        },
        onTrouble: (cause) => troubles.push(cause),
      },
      {
        sourceAddress: () => '192.0.2.7',
        challenge: (problem) =>
          bearerChallenge(problem, { resourceMetadataUrl: `${GATEWAY}/.well-known/x` }),
        refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock }),
        onFailure: (cause) => failures.push(cause),
      },
    ),
  )
  const token = (name: Person, claims: Readonly<Record<string, unknown>> = {}) =>
    signToken(name, knobs.now, claims)
  const send = async (
    path: string,
    { as, claims, token: given, headers }: As,
    init: RequestInit,
  ) => {
    const bearer = given ?? (as === undefined ? undefined : await token(as, claims))
    const sent = new Headers({ ...headers })
    if (bearer !== undefined) sent.set('authorization', `Bearer ${bearer}`)
    if (init.body !== undefined && !sent.has('content-type'))
      sent.set('content-type', 'application/json')
    return app.request(`/v1/approvals${path}`, { ...init, headers: sent })
  }
  return {
    app,
    store,
    state,
    knobs,
    published,
    settled,
    failures,
    troubles,
    token,
    again,
    /** A request of Ana's, asked at `ASKED_AT`, changed as `change` says. */
    ask: async (change: Parameters<typeof sampleGrant>[0] = {}): Promise<Grant> => {
      const sample = sampleGrant(change)
      const principal = {
        ...sample.request.principal,
        issuer: ISSUER,
        ...change.request?.principal,
      }
      const request = { ...sample.request, principal }
      const grant = { ...sample, request, digest: requestDigest(request) }
      await state.grants.open(grant)
      return grant
    },
    get: (path: string, as: As = {}) => send(path, as, {}),
    post: (path: string, body: unknown, as: As = {}) =>
      send(path, as, { method: 'POST', body: JSON.stringify(body) }),
    /** Whether nothing came of a call: no message, no event of this grant, nobody told. */
    isUntouched: async (grant: Grant): Promise<boolean> =>
      published.length === 0 &&
      settled.length === 0 &&
      canonicalJson(await again(grant)) === canonicalJson(grant),
  }
}

export type ApprovalsApiWorld = ReturnType<typeof approvalsApiWorld>

function policyOf(text: string) {
  const policy = parsePolicy(text)
  if (!policy.ok) throw new Error(JSON.stringify(policy.error))
  return policy.value
}
