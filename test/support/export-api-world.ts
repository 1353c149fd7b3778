import { randomBytes } from 'node:crypto'

import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'

import { breakOff } from '../../functions/break-off.ts'
import { gatewayKeys } from '../../shared/adapters/key-file/gateway-keys.ts'
import { auditApp } from '../../shared/console/api/audit-app.ts'
import { type ExportApiPorts, exportRoutes } from '../../shared/console/api/export-routes.ts'
import type { ExportSurface } from '../../shared/console/api/streamed-response.ts'
import { bearerChallenge } from '../../shared/gateway/sign-in/bearer-challenge.ts'
import { identifier } from '../../shared/identity/identifier.ts'
import { ownTokens } from '../../shared/identity/own-tokens.ts'
import { err, ok } from '../../shared/kernel/result.ts'
import { parsePolicy } from '../../shared/policy/parse-policy.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import { openSession } from '../../shared/session/open-session.ts'
import { type Session } from '../../shared/session/session.ts'
import { atV1 } from './at-v1.ts'
import { exportWorld } from './export-world.ts'
import { GATEWAY, POLICY, type Person, publicJwk, signToken } from './people.ts'

/** Otto audits, petra reads private facts too, paul only has that role, ana exports what she did. */
const ROLES = `roles:
  auditors: auditor
  privacy-office: [auditor, private-reader]
  clinicians: private-reader
  analysts: requester
rules:`

const ownKey = await generateKeyPair('ES256', { extractable: true })
const ownKeys = await gatewayKeys(JSON.stringify(await exportJWK(ownKey.privateKey)))

const token = (name: Person, claims: Readonly<Record<string, unknown>> = {}) =>
  signToken(name, Date.now(), claims)

/** The export API over a record of its own. */
export function exportApiWorld(portsVia: (usual: ExportApiPorts) => ExportApiPorts = (p) => p) {
  const record = exportWorld()
  const parsed = parsePolicy(POLICY.replace('rules:', ROLES))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const policy = parsed.value
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
  const ports: ExportApiPorts = {
    ...record.recorder,
    objects: record.objects,
    policy: () => (knobs.isReady ? ok(policy) : err(['no policy'])),
    identify,
  }
  const surface: ExportSurface = {
    sourceAddress: () => '192.0.2.7',
    challenge: (problem) =>
      bearerChallenge(problem, { resourceMetadataUrl: `${GATEWAY}/.well-known/x` }),
    refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock: Date.now }),
    onFailure: (cause) => failures.push(cause),
    breakOff: (c) => breakOff(c.env),
  }
  const used = portsVia(ports)
  const app = atV1(auditApp(used, surface, (api) => exportRoutes(api, used, surface)))
  const entries = async (): Promise<readonly Entry[]> =>
    (await record.store.entries.committed({ at: 0 }, 10_000)).map(({ bytes }): Entry =>
      JSON.parse(bytes.toString()),
    )
  return {
    ...record,
    app,
    failures,
    knobs,
    token,
    /** The session that somebody works in. */
    sessionOf: async (name: Person): Promise<Session> => {
      const identity = await identify(`Bearer ${await token(name)}`, Date.now())
      if (!identity.ok) throw new Error(identity.error.problem)
      return openSession(identity.value, {
        sourceAddress: '192.0.2.7',
        userAgent: 'genai-toolbox/1.12.0',
        apiClient: undefined,
        sessionName: `work of ${name}`,
        labels: {},
      })
    },
    get: async (
      query: string,
      as?: Person,
      claims?: Readonly<Record<string, unknown>>,
    ): Promise<Response> => {
      const headers = new Headers()
      if (as !== undefined) headers.set('authorization', `Bearer ${await token(as, claims)}`)
      return app.request(`/v1/export${query}`, { headers })
    },
    /** What was recorded of the API itself, in order: refusals by their problem, exports by what was asked for. */
    recorded: async () =>
      (await entries()).flatMap((entry): readonly unknown[] => {
        if (entry.type === 'refusal') return [entry.problem]
        return entry.type === 'exported' ? [{ ...entry.filter, private: entry.withPrivate }] : []
      }),
    entries,
  }
}
