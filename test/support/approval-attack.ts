import { setTimeout as wait } from 'node:timers/promises'

import type { CatalogRoutine, CatalogTable } from '../../shared/analysis/catalog.ts'
import type { Grant, GrantState } from '../../shared/approval/grant.ts'
import type { ApprovalMessage } from '../../shared/approval/messages.ts'
import { standingOf } from '../../shared/approval/standing.ts'
import { ok } from '../../shared/kernel/result.ts'
import { parsePolicy } from '../../shared/policy/parse-policy.ts'
import { formatProblems } from '../../shared/policy/policy-problem.ts'
import type { Policy } from '../../shared/policy/policy.ts'
import { entryLabel } from '../../shared/recording/job-labels.ts'
import { APPROVAL_POLICY, approvalWorld, voteOf } from './approval-world.ts'
import { ISSUER, type Person } from './people.ts'
import type { Init } from './world.ts'

/**
 * `APPROVAL_POLICY`, under which queries on `acme.hospital.x_…` are held too, analysts may call functions, and auditors
 * are policy-admins.
 */
export const ATTACK_POLICY = replaced(APPROVAL_POLICY, {
  'clinicians: approver': 'clinicians: approver, auditors: policy-admin',
  '(t, t == "acme.hospital.claims")':
    '(t, t == "acme.hospital.claims" || t.glob("acme.hospital.x_*"))',
  'query.tables.all(t, t.glob("acme.hospital.*"))':
    'query.tables.all(t, t.glob("acme.hospital.*")) && query.routines.all(r, r.glob("acme.hospital.*"))',
})

/** A text with pieces of it replaced. Throws when one is not there. */
export function replaced(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((before, [piece, by]) => {
    if (!before.includes(piece)) throw new Error(`not in the policy: ${piece}`)
    return before.replace(piece, () => by)
  }, text)
}

/** `approvalWorld` for those who attack it: what is in force, what fails and what BigQuery did can be seen and changed. */
export async function attackWorld(policy = ATTACK_POLICY) {
  const published: ApprovalMessage[] = []
  const world: InsideWorld = {
    policy: undefined,
    queueIsDown: false,
    table: (table) => table,
    routine: (routine) => routine,
  }
  const here = await approvalWorld(policy, {
    portsVia: (ports) => ({
      ...ports,
      policy: () => (world.policy === undefined ? ports.policy() : ok(world.policy)),
      catalog: (...about) => {
        const catalog = ports.catalog(...about)
        return {
          ...catalog,
          table: async (table) => {
            const found = await catalog.table(table)
            return found.ok ? ok(world.table(found.value)) : found
          },
          routine: async (...named) => {
            const found = await catalog.routine(...named)
            return found.ok ? ok(world.routine(found.value)) : found
          },
        }
      },
      publish: async (message) => {
        if (world.queueIsDown) throw new Error('the queue is down')
        published.push(message)
        await ports.publish(message)
      },
      // Who votes waits for what became of it.
      sleep: (ms) => wait(ms),
    }),
  })
  const { gateway } = here
  const attack = {
    ...here,
    voteOf,
    world,
    /** Everything that went to the queue. */
    published,
    /** From now on another policy is in force. */
    enforce: (text: string): void => {
      const parsed = parsePolicy(text)
      if (!parsed.ok) throw new Error(formatProblems(parsed.error, 'policy.yaml'))
      world.policy = parsed.value
    },
    /** A query that has to be held, and what it waits for. */
    held: async (sql: string, init: Init & { readonly with?: object } = {}) => {
      const { with: options, body: _, ...rest } = init
      const reply = await gateway.query(sql, { ...rest, with: { timeoutMs: 0, ...options } })
      if (reply.status !== 200) throw new Error(await reply.text())
      return { grant: await here.grantOf(reply), jobId: await here.jobIdOf(reply) }
    },
    /** A vote over HTTP with somebody's own token, but for `claims` of it. */
    cast: async (grant: Grant, as: Person, { claims, ...vote }: Ballot = {}): Promise<Said> =>
      attack.say(grant, 'votes', as, { verdict: 'approve', digest: grant.digest, ...vote }, claims),
    /** Any other change of a grant, likewise. */
    say: async (
      { id }: Grant,
      what: string,
      as: Person,
      body: object,
      claims: object = {},
    ): Promise<Said> => {
      const token = await gateway.token(as, { ...claims })
      const reply = await gateway.post(`/v1/approvals/${id}/${what}`, body, { token })
      return { status: reply.status, text: await reply.text() }
    },
    stateOf: async (grant: Grant): Promise<GrantState> => standingOf(await here.again(grant)).state,
    /** How often BigQuery ran the job of a grant. */
    jobsOf: ({ requestEntry }: Grant): number =>
      here.ran.filter(({ labels }) => labels['sluice_entry'] === entryLabel(requestEntry)).length,
    /** How many jobs BigQuery ran for the gateway so far. */
    jobs: (): number => here.ran.filter(({ labels }) => 'sluice_entry' in labels).length,
    /** How many requests wait for people, or did. */
    requests: (): number =>
      gateway.store.ofType('approval').filter(({ event }) => event.type === 'asked').length,
    /** Why votes on a grant did not count, in their order. */
    refusals: ({ call }: Grant): readonly string[] =>
      gateway.store
        .ofType('refused-vote')
        .filter((entry) => entry.call === call)
        .map(({ problem }) => problem),
    rowsOf: async (jobId: string, as: Person = 'ana'): Promise<Said> => {
      const reply = await here.results(jobId, as, 10_000)
      return { status: reply.status, text: await reply.text() }
    },
  }
  return attack
}

/** What attackers cannot reach, and somebody else changes. */
interface InsideWorld {
  /** In force; undefined for the one it began with. */
  policy: Policy | undefined
  queueIsDown: boolean
  /** What BigQuery says of them by now. */
  table: (table: CatalogTable) => CatalogTable
  routine: (routine: CatalogRoutine) => CatalogRoutine
}

export type AttackWorld = Awaited<ReturnType<typeof attackWorld>>

interface Ballot {
  readonly verdict?: 'approve' | 'deny'
  readonly reason?: string
  readonly digest?: string
  readonly box?: { readonly duration: string; readonly maximumBytes: number | string }
  /** Of the token, in place of what it usually has. */
  readonly claims?: object
}

interface Said {
  readonly status: number
  readonly text: string
}

/** Of a token for somebody whose address the issuer verified. */
export const addressed = (email: string) => ({ email, email_verified: true })

/** `principalKey` of somebody of these tests, as policy names accounts. */
export const account = (sub: string, issuer = ISSUER): string =>
  `{ issuer: ${issuer}, sub: ${sub} }`
