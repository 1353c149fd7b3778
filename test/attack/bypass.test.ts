import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

import { noCredential } from '../../shared/adapters/bigquery/credential.ts'
import { bigQueryJobHistory } from '../../shared/adapters/bigquery/job-history.ts'
import type { EntryStore } from '../../shared/recording/entry-store.ts'
import { jobLabels } from '../../shared/recording/job-labels.ts'
import { type ReconcilePorts, reconcile } from '../../shared/recording/reconcile/reconcile.ts'
import { APPROVAL_POLICY, CLAIMS, approvalWorld } from '../support/approval-world.ts'
import { guarantee } from '../support/guarantee.ts'

const began = Date.now()
/** Held for two people. */
const STAFF = 'SELECT * FROM acme.hospital.staff'
const PATIENTS = 'SELECT id, ssn FROM acme.hospital.patients ORDER BY id LIMIT 2'

let world: Awaited<ReturnType<typeof approvalWorld>>
let history: ReturnType<typeof bigQueryJobHistory>

beforeAll(async () => {
  world = await approvalWorld(APPROVAL_POLICY)
  history = bigQueryJobHistory({
    baseUrl: new URL(world.bigQueryUrl),
    credentials: () => noCredential,
    clock: Date.now,
    connections: world.gateway.policy.connections,
    keys: [randomBytes(32)],
    random: randomBytes,
    lagMs: 0,
    since: began,
  })
}, 60_000)
afterAll(async () => {
  await history.close()
  await world.close()
})

/** Compares all there is. */
async function compared(parts: Partial<ReconcilePorts> = {}) {
  const { ports, state } = world.gateway
  const { reconciledUpTo } = state
  // Whatever is of this millisecond is of the next span.
  await sleep(5)
  return reconcile({ ...ports, history, reconciledUpTo, ...parts }, { from: began })
}

/** What is found for the first time. */
async function newAlerts(parts: Partial<ReconcilePorts> = {}) {
  const { alerts } = await compared(parts)
  return alerts
    .filter(({ isNew }) => isNew)
    .map(({ entry: { alert, detail, job } }) => ({ alert, detail, jobId: job?.jobId }))
}

const jobReply = z.object({ jobReference: z.object({ jobId: z.string() }) })

/** Somebody who has Sluice's credential: the local BigQuery takes everybody without a token for Sluice. */
async function pastSluice(
  query: string,
  { labels, jobId }: { readonly labels?: object; readonly jobId?: string } = {},
): Promise<string> {
  const reply = await fetch(`${world.bigQueryUrl}/bigquery/v2/projects/acme/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jobReference: { jobId },
      configuration: { query: { query, useLegacySql: false }, labels },
    }),
  })
  return jobReply.parse(await reply.json()).jobReference.jobId
}

/** What anybody who may list jobs sees of one. */
async function labelsOf(jobId: string): Promise<Record<string, string>> {
  const reply = await fetch(`${world.bigQueryUrl}/bigquery/v2/projects/acme/jobs/${jobId}`)
  const job = z.object({ configuration: z.object({ labels: z.record(z.string(), z.string()) }) })
  return job.parse(await reply.json()).configuration.labels
}

const ran = async (reply: Response | Promise<Response>): Promise<string> =>
  jobReply.parse(await (await reply).json()).jobReference.jobId

test('an honest day has nothing to find', async () => {
  const { gateway, grantOf, jobIdOf, vote, results } = world
  const { query, insert, request, desk } = gateway
  const answered = await ran(query(PATIENTS))
  await request(`/bigquery/v2/projects/acme/queries/${answered}?startIndex=1`, { as: 'ana' })
  await query(PATIENTS, { with: { dryRun: true } })
  const twice = { with: { requestId: 'again-and-again' } }
  expect(await ran(query(PATIENTS, twice))).toBe(await ran(query(PATIENTS, twice)))
  await insert(PATIENTS, { jobReference: { projectId: 'acme', jobId: 'by-its-name' } })
  await request('/bigquery/v2/projects/acme/queries/by-its-name', { as: 'ana' })
  await insert(PATIENTS, { jobReference: { projectId: 'acme', jobId: 'by-its-name' } })
  expect((await query('SELECT ERROR("no") FROM acme.hospital.patients')).status).toBe(400)
  expect((await query('DELETE FROM acme.hospital.patients WHERE TRUE')).status).toBe(403)
  await request('/bigquery/v2/projects/acme/datasets/hospital/tables/patients', { as: 'ana' })

  const approved = await query(CLAIMS, { with: { timeoutMs: 0 } })
  await vote(await grantOf(approved), 'carla')
  const denied = await query(`${CLAIMS} OFFSET 1`, { with: { timeoutMs: 0 } })
  await vote(await grantOf(denied), 'petra', 'deny')
  await query(`${CLAIMS} OFFSET 2`, { with: { timeoutMs: 0 } })
  await vote(await grantOf(approved), 'petra')
  expect(await (await results(await jobIdOf(approved), 'ana', 5_000)).json()).toMatchObject({
    jobComplete: true,
  })
  // A glass is broken, a box lets a query through, somebody takes one back.
  const onCall = await gateway.token('ana', { groups: ['analysts', 'on-call'] })
  const glass = { 'sluice-break-glass': 'true', 'sluice-justification': 'cardiac arrest in 4' }
  const broken = await query(`${CLAIMS} OFFSET 3`, { token: onCall, headers: glass })
  expect(broken.status).toBe(200)
  const boxed = await query(`${CLAIMS} OFFSET 4`, { with: { timeoutMs: 0 } })
  const box = { durationMs: 3_600_000, maximumBytes: 1_000_000_000 }
  await vote(await grantOf(boxed), 'petra', 'approve', { box })
  expect((await query(`${CLAIMS} OFFSET 5`)).status).toBe(200)
  const takenBack = await jobIdOf(await query(`${CLAIMS} OFFSET 6`, { with: { timeoutMs: 0 } }))
  await request(`/bigquery/v2/projects/acme/jobs/${takenBack}/cancel`, {
    as: 'ana',
    method: 'POST',
  })
  await desk.sweep()

  const first = await compared()
  expect(first).toMatchObject({ ownQuestions: expect.any(Number), others: 0, alerts: [] })
  expect(first.jobs).toBeGreaterThanOrEqual(8)
  expect(first.calls).toBeGreaterThanOrEqual(6)
  // Its own questions are jobs by now.
  const second = await compared()
  expect(second).toMatchObject({ jobs: first.jobs, calls: first.calls, alerts: [] })
  expect(second.ownQuestions).toBeGreaterThan(first.ownQuestions)
})

guarantee('bypass-found', async () => {
  const read = await pastSluice('SELECT ssn FROM acme.hospital.patients')
  const write = await pastSluice(
    'CREATE TABLE acme.hospital.loot AS SELECT * FROM hospital.patients',
  )
  const honest = await ran(world.gateway.query(PATIENTS))
  const labels = await labelsOf(honest)
  expect(labels).toHaveProperty('sluice_entry')
  const copied = await pastSluice('SELECT * FROM acme.hospital.patients', { labels })
  const exactly = await pastSluice(PATIENTS, { labels })
  const made = { ...labels, sluice_entry: 'a'.repeat(52) }
  const madeUp = await pastSluice(PATIENTS, { labels: made })
  const asOurs = `sluice_own_${'a'.repeat(26)}_${'a'.repeat(26)}`
  await pastSluice(PATIENTS, { jobId: asOurs, labels: { sluice_own: 'job-history' } })

  const found = await newAlerts()
  expect(found.toSorted(byJob)).toEqual(
    [
      { alert: 'job-without-entry', detail: 'it has no label of Sluice', jobId: read },
      { alert: 'job-without-entry', detail: 'it has no label of Sluice', jobId: write },
      {
        alert: 'label-mismatch',
        detail: 'its request was answered with another job',
        jobId: copied,
      },
      {
        alert: 'label-mismatch',
        detail: 'its request was answered with another job',
        jobId: exactly,
      },
      {
        alert: 'job-without-entry',
        detail: 'its label names no request that it could belong to',
        jobId: madeUp,
      },
      { alert: 'job-without-entry', detail: 'it has no label of Sluice', jobId: asOurs },
    ].toSorted(byJob),
  )
  expect(world.gateway.store.ofType('alert').map(({ job }) => job?.jobId)).toEqual(
    expect.arrayContaining([read, write, copied, exactly, madeUp, asOurs]),
  )
  expect(await newAlerts()).toEqual([])
})

function byJob(a: { readonly jobId: string | undefined }, b: typeof a): number {
  return (a.jobId ?? '') < (b.jobId ?? '') ? -1 : 1
}

guarantee('bypass-found', async () => {
  // Somebody who has the credential, and reads the record, does not wait for the people who are asked.
  const { gateway, grantOf } = world
  const grant = await grantOf(await gateway.query(STAFF, { with: { timeoutMs: 0 } }))
  const { jobId } = grant.job
  const { decision, session } = grant.request
  const labels = jobLabels({ session: { id: session }, decision }, grant.requestEntry)
  await pastSluice(STAFF, { jobId, labels })
  expect(await newAlerts()).toEqual([
    { alert: 'label-mismatch', detail: 'it ran before anybody gave leave', jobId },
  ])
})

guarantee('bypass-found', async () => {
  const { entries } = world.gateway.ports
  const jobId = await ran(world.gateway.query(PATIENTS))
  const { sluice_entry: label } = await labelsOf(jobId)
  const call = world.gateway.store.ofType('outcome').at(-1)?.call ?? ''
  expect(label).toBeDefined()
  expect(await newAlerts()).toEqual([])
  // Somebody who may write to the store takes the request off the record.
  const gone = `${call}~request`
  const tampered: EntryStore = {
    ...entries,
    get: async (id) => (id === gone ? undefined : entries.get(id)),
    list: async (asked) => {
      const page = await entries.list(asked)
      if (!page.ok) return page
      const left = page.value.entries.filter(({ entry }) => entry.id !== gone)
      return { ok: true, value: { ...page.value, entries: left } }
    },
  }
  expect(await newAlerts({ entries: tampered })).toEqual([
    {
      alert: 'job-without-entry',
      detail: 'its label names no request that it could belong to',
      jobId,
    },
  ])
})

guarantee('bypass-found', async () => {
  // A call that the record made up: BigQuery has never heard of it.
  const reply = await world.gateway.query(PATIENTS)
  const jobId = await ran(reply)
  const others = {
    ...history,
    jobs: async function* (...asked: Parameters<typeof history.jobs>) {
      for await (const page of history.jobs(...asked))
        yield { ...page, jobs: page.jobs.filter((job) => job.jobId !== jobId) }
    },
  }
  expect(await newAlerts({ history: others })).toEqual([
    {
      alert: 'entry-without-job',
      detail: 'bigquery has no job of it, and the record says `released`',
      jobId,
    },
  ])
})
