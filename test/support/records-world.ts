import { randomBytes } from 'node:crypto'

import { aesWrapKey } from '../../shared/adapters/key-file/aes-wrap-key.ts'
import { registeredHolds } from '../../shared/adapters/registers/holds.ts'
import { registeredErasures } from '../../shared/adapters/registers/pending-erasures.ts'
import { registeredSecrets } from '../../shared/adapters/registers/record-secrets.ts'
import { auditApp } from '../../shared/console/api/audit-app.ts'
import { erasuresRoutes } from '../../shared/console/api/erasures-routes.ts'
import { holdsRoutes } from '../../shared/console/api/holds-routes.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import { atV1 } from './at-v1.ts'
import { memoryRegisters } from './memory-registers.ts'
import { ISSUER, POLICY, type Person } from './people.ts'
import { world } from './world.ts'

const ROLES = `roles:
  auditors: auditor
  privacy-office: records-manager
  clinicians: policy-admin
rules:`

/** Who sends a request: without any of it, nobody. */
interface As {
  readonly as?: Person
  readonly claims?: Readonly<Record<string, unknown>>
}

/** The APIs of holds and erasures with memory behind their ports: otto audits, petra manages records. */
export async function recordsWorld() {
  const registers = memoryRegisters()
  const secrets = registeredSecrets(registers, {
    wrapKey: aesWrapKey(randomBytes(32)),
    clock: () => Date.now(),
    random: (bytes) => randomBytes(bytes),
  })
  const gateway = await world({
    policy: POLICY.replace('rules:', ROLES),
    mayFail: true,
    portsVia: (usual) => ({ ...usual, secrets }),
  })
  const { ports, failures } = gateway
  const holds = registeredHolds(registers)
  const pending = registeredErasures(registers)
  const surface = {
    sourceAddress: () => '192.0.2.7',
    challenge: () => 'Bearer',
    refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock: ports.clock }),
    onFailure: (cause: unknown) => void failures.push(cause),
  }
  const app = atV1(
    auditApp(ports, surface, (api) => {
      holdsRoutes(api, { ...ports, holds }, surface)
      erasuresRoutes(api, { ...ports, holds, pending }, surface)
    }),
  )
  const send = async (path: string, { as, claims }: As, init: RequestInit) => {
    const headers = new Headers({ 'content-type': 'application/json' })
    if (as !== undefined) headers.set('authorization', `Bearer ${await gateway.token(as, claims)}`)
    return app.request(path, { ...init, headers })
  }
  return {
    ...gateway,
    app,
    holds,
    secrets,
    /** A session of somebody, with a secret. */
    session: async (name: Person, number: number): Promise<string> => {
      const session = `${'a'.repeat(24)}${'abcdefghijklmnopqrstuvwxyz'[number] ?? ''}a`
      await secrets.current({ session, owner: `${ISSUER} ${name}` })
      return session
    },
    get: (path: string, as: As = {}) => send(path, as, {}),
    post: (path: string, body: unknown, as: As = {}) =>
      send(path, as, { method: 'POST', body: JSON.stringify(body) }),
    /** Their words are under secrets of this world. */
    refusals: () =>
      gateway.store
        .stored()
        .flatMap(({ entry }) => (entry.type === 'refusal' ? [entry.problem] : [])),
  }
}

export type RecordsWorld = Awaited<ReturnType<typeof recordsWorld>>
