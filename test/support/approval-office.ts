import { randomBytes } from 'node:crypto'

import { z } from 'zod'

import type { DryRunFacts } from '../../shared/analysis/dry-run.ts'
import { parseGrantId } from '../../shared/approval/grant-id.ts'
import type { Grant, GrantId, Vote, Voter } from '../../shared/approval/grant.ts'
import type { ApprovalMessage, VoteCast } from '../../shared/approval/messages.ts'
import { CLAIM_MS } from '../../shared/approval/transitions.ts'
import { ok } from '../../shared/kernel/result.ts'
import type { Upstream } from '../../shared/upstream/upstream.ts'
import { voteOf } from './approval-world.ts'
import { POLICY } from './people.ts'
import { type Tripwire, tripwire } from './tripwire.ts'
import { type Kept, type World, world } from './world.ts'

/** One store, and how instances get at it: each through a handle of its own. */
export interface SharedStore {
  connect(): Promise<Kept>
  close(): Promise<void> | void
}

/** One of several instances of gateway, resolver and sweeper. */
export type Instance = World & { readonly wire: Tripwire }

/** As often as Pub/Sub tries. */
const TRIES = 5

/** How long people may take, and how long an approval is good for. */
export const WAIT_MS = 20 * 60_000
export const USE_MS = 10 * 60_000

const OFFICE_POLICY = POLICY.replace(
  'rules:',
  `roles: { privacy-office: approver }
approvals:
  - id: one
    description: One of the privacy office.
    approvers: { anyOf: [{ group: privacy-office, votes: 1 }] }
    wait: 20m
    useWithin: 10m
    timeBox: { longest: 10m, maximumBytes: 10 GiB }
  - id: three
    description: Three of the privacy office.
    approvers: { anyOf: [{ group: privacy-office, votes: 3 }] }
    wait: 20m
    useWithin: 10m
rules:
  - id: claims-take-one
    description: Claims of people are read with leave.
    effect: require-approval
    approval: one
    when: query.tables.exists(t, t == "acme.hospital.claims")
  - id: staff-takes-three
    description: Staff is read with leave of three.
    effect: require-approval
    approval: three
    when: query.tables.exists(t, t == "acme.hospital.staff")`,
)

/** Several instances over one store, in front of one BigQuery. */
export async function approvalOffice(store: SharedStore, options: OfficeOptions = {}) {
  const { instances: count = 3, random = Math.random } = options
  const time = { offset: 0 }
  const outside = await world()
  const observer = await store.connect()
  const published: ApprovalMessage[] = []
  /** What BigQuery heard before it was on the record. */
  const unrecorded: string[] = []

  const upstream: Upstream = async (recorded, limits) => {
    if (recorded.call.method === 'jobs.insert') {
      const id = parseGrantId(recorded.callId)
      const grant = id && (await observer.grants.find(id))
      const claim = grant?.events.findLastIndex(({ type }) => type === 'starting') ?? -1
      const entry = await observer.entries.get(`${recorded.callId}~approval~${claim}`)
      if (entry === undefined) unrecorded.push(recorded.callId)
    }
    return outside.ports.upstream(recorded, limits)
  }

  const open = async (): Promise<Instance> => {
    const wire = tripwire(() => ticks(Math.floor(random() * 4)))
    const told = (step: string) => wire.pass(step, async () => {})
    const gateway = await world({
      policy: OFFICE_POLICY,
      kept: await store.connect(),
      time,
      upstream,
      mayFail: true,
      announce: { tell: () => told('announce.tell'), settled: () => told('announce.settled') },
      portsVia: (ports) =>
        wire.guard({
          ...ports,
          dryRun: () => async () => ok(DRY),
          publish: async (message) => void published.push(message),
        }),
    })
    return { ...gateway, wire }
  }
  const instances = await Promise.all(Array.from({ length: count }, open))
  let askers = 0

  const office = {
    instances,
    time,
    /** The stores, as an auditor sees them. */
    kept: observer,
    bigQuery: outside.bigQuery,
    published,
    unrecorded,
    /** One of the instances, by chance. */
    any: (): Instance => instances[Math.floor(random() * count)] ?? first(instances),
    /** Whoever votes came with a token before. */
    seen: async (voters: readonly Voter[]): Promise<void> => {
      // oxlint-disable-next-line no-await-in-loop -- nothing to race for
      for (const voter of voters) await patiently(() => observer.peopleSeen.saw(voter, Date.now()))
    },
    /** Somebody who asks for what nobody asked for before; `send` asks, and may be asked again. */
    asker: async (table: 'claims' | 'staff' = 'claims') => {
      const n = (askers += 1)
      const freshToken = () => first(instances).token('ana', { sub: `ana-${n}` })
      const token = await freshToken()
      const sql = `SELECT ${n} FROM acme.hospital.${table}`
      return {
        token,
        freshToken,
        send: (at: Instance) => at.query(sql, { token, with: { timeoutMs: 0 } }),
      }
    },
    /** A grant that waits. */
    asks: async (table: 'claims' | 'staff' = 'claims') => {
      const asker = await office.asker(table)
      return { ...asker, grant: await office.grantOf(await asker.send(first(instances))) }
    },
    grantOf: async (reply: Response): Promise<Grant> => {
      const text = await reply.text()
      const json = asked.parse(JSON.parse(text))
      const id = parseGrantId((json.jobReference?.jobId ?? '').replace(/^sluice_/, ''))
      if (id === undefined) throw new Error(`no job is waited for: ${text}`)
      return office.grant(id)
    },
    grant: async (id: GrantId): Promise<Grant> => {
      const grant = await observer.grants.find(id)
      if (grant === undefined) throw new Error('the grant is gone')
      return grant
    },
    /** One delivery. Rejects when it is to be delivered again. */
    deliver: async (message: ApprovalMessage, to: Instance): Promise<void> => {
      if (message.type === 'dev.sluice.approval.vote')
        await to.desk.receive['dev.sluice.approval.vote']?.(message)
      else await to.desk.receive['dev.sluice.approval.requested']?.(message)
    },
    /** Deliveries until it is taken, as the queue does. */
    deliverSurely: (message: ApprovalMessage, to: Instance): Promise<void> =>
      patiently(() => office.deliver(message, to)),
    /** Two sweepers at once. */
    sweep: async (): Promise<void> => {
      const [one = first(instances), another = one] = instances.slice(-2)
      await Promise.all([one.desk.sweep(), another.desk.sweep()])
    },
    /** Sweeps, and again once whoever claimed something and went away is taken for dead. */
    sweepUp: async (): Promise<void> => {
      await office.sweep()
      time.offset += CLAIM_MS + 1_000
      await office.sweep()
    },
    /** Sweeps until nothing can happen any more. */
    sweepOut: async (): Promise<void> => {
      await office.sweepUp()
      time.offset += WAIT_MS
      await office.sweepUp()
    },
    close: async (): Promise<void> => {
      await Promise.all([...instances, outside].map((each) => each.close()))
      await store.close()
    },
  }
  return office
}

export type Office = Awaited<ReturnType<typeof approvalOffice>>

interface OfficeOptions {
  readonly instances?: number
  /** How instances get into each other's way. */
  readonly random?: () => number
}

/** A vote on its way. */
export function castBy(
  grant: Grant,
  by: Voter,
  verdict: Vote['verdict'] = 'approve',
  change: Partial<Vote> = {},
): VoteCast {
  const id = randomBytes(16).toString('hex')
  const vote = { ...voteOf(grant, 'petra', verdict, { id, ...change }), by }
  return { type: 'dev.sluice.approval.vote', id: vote.id, at: Date.now(), grant: grant.id, vote }
}

/** Somebody of the privacy office. */
export function approver(n: number): Voter {
  return {
    issuer: 'https://id.acme.example',
    subject: `approver-${n}`,
    email: `approver-${n}@acme.example`,
    clientId: 'bq',
    actors: [],
    groups: ['privacy-office'],
    channel: 'api',
    proof: `token ${n}`,
  }
}

const asked = z.object({ jobReference: z.object({ jobId: z.string() }).optional() })

/** What `stubBigQuery` would say of anything. */
const DRY: DryRunFacts = {
  statementType: 'SELECT',
  referencedTables: [],
  referencedRoutines: [],
  schema: [
    { name: 'id', type: { kind: 'INT64' } },
    { name: 'name', type: { kind: 'STRING' } },
  ],
  totalBytesProcessed: 1_024,
  undeclaredParameters: 0,
}

function first([instance]: readonly Instance[]): Instance {
  if (instance === undefined) throw new Error('no instance')
  return instance
}

/** Again when it fails: an emulator on a busy machine is slow to wake up. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      // oxlint-disable-next-line no-await-in-loop -- again when it was not done
      return await work()
    } catch (cause) {
      if (tries === TRIES) throw cause
    }
}

/** Lets others go first, so often. */
async function ticks(count: number): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- that is what it is for
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve))
}
