import { expect, test } from 'vitest'

import { registered } from '../../../../shared/adapters/registers/registered.ts'
import type { OutcomeEntry, RequestEntry } from '../../../../shared/recording/entry.ts'
import { jobLabels } from '../../../../shared/recording/job-labels.ts'
import type { CloudAuditLogs } from '../../../../shared/recording/reconcile/cloud-audit-logs.ts'
import type { PastJob } from '../../../../shared/recording/reconcile/job-history.ts'
import { reconcile } from '../../../../shared/recording/reconcile/reconcile.ts'
import { memoryJobHistory } from '../../../support/memory-job-history.ts'
import { memoryRegisters } from '../../../support/memory-registers.ts'
import { recordingWorld } from '../../../support/recording-world.ts'
import {
  sampleCallId,
  sampleDelivery,
  sampleJob,
  sampleRequest,
  sampleStored,
} from '../../../support/sample-entries.ts'

const ACCOUNT = 'sluice@acme.example'
const START = 1_790_000_000_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function reconcilingWorld({ since = START }: { readonly since?: number } = {}) {
  const { store, time, recorder } = recordingWorld()
  const history = memoryJobHistory(ACCOUNT, since)
  const { reconciledUpTo } = registered(memoryRegisters())
  const ports = { ...recorder, jobs: store.jobs, history, reconciledUpTo }
  let calls = 0

  /** A call on the record, at this time. */
  async function asked(at: number, change: Partial<RequestEntry> = {}) {
    const call = sampleCallId((calls += 1))
    const stored = sampleRequest({ call, at, ...change })
    await store.entries.create(stored)
    if (stored.entry.type !== 'request') throw new Error('not a request')
    return { call, entry: stored.entry, hash: stored.hash }
  }
  type Asked = Awaited<ReturnType<typeof asked>>

  /** The job that BigQuery ran for it, as it remembers it. */
  function ran({ entry, hash }: Asked, change: Partial<PastJob> = {}): PastJob {
    const labels = jobLabels(entry, hash)
    const job = pastJob({
      jobId: entry.job?.jobId ?? `job_of_${entry.call}`,
      createdAt: entry.at + 100,
      labels: {
        entry: labels.sluice_entry,
        session: labels.sluice_session,
        decision: labels.sluice_decision,
      },
      ...change,
    })
    history.past.push(job)
    return job
  }

  async function ended(
    { call, hash }: Asked,
    at: number,
    outcome: OutcomeEntry['outcome'],
    job?: PastJob,
  ): Promise<void> {
    const delivery =
      job === undefined
        ? undefined
        : {
            ...sampleDelivery,
            job: { projectId: job.projectId, jobId: job.jobId, location: job.location },
          }
    await store.entries.create(
      sampleStored({
        v: 1,
        type: 'outcome',
        id: `${call}~end`,
        call,
        at,
        private: undefined,
        request: hash,
        session: 's',
        outcome,
        detail: undefined,
        delivery,
        credentialVersion: undefined,
        durationMs: 1,
      }),
    )
  }
  return { store, time, history, ports, reconciledUpTo, asked, ran, ended }
}

function pastJob(change: Partial<PastJob>): PastJob {
  return {
    projectId: 'acme',
    jobId: 'job_past_sluice',
    location: 'EU',
    account: ACCOUNT,
    createdAt: START,
    parent: undefined,
    state: 'DONE',
    jobType: 'QUERY',
    statementType: 'SELECT',
    errorReason: undefined,
    totalBytesBilled: '0',
    labels: { entry: undefined, session: undefined, decision: undefined },
    ...change,
  }
}

const found = ({ alerts }: Awaited<ReturnType<typeof reconcile>>) =>
  alerts.map(({ entry, isNew }) => [entry.alert, entry.job?.jobId ?? entry.call, isNew])

const SPAN = { from: START, to: START + DAY }

test('a clean day has nothing to find, and says what was compared', async () => {
  const { time, history, ports, asked, ran, ended, store } = reconcilingWorld()
  const released = await asked(START + HOUR)
  await ended(released, START + HOUR + 200, 'released', ran(released))
  const jobsGet = await asked(START + HOUR, { method: 'jobs.get' })
  await ended(jobsGet, START + HOUR, 'released')
  const dryRun = await asked(START + HOUR, { dryRun: true })
  await ended(dryRun, START + HOUR, 'released')
  const refused = await asked(START + HOUR)
  await ended(refused, START + HOUR, 'failed')
  const denied = await asked(START + HOUR, {
    job: { projectId: 'acme', jobId: 'sluice_held', location: 'EU' },
  })
  await ended(denied, START + 2 * HOUR, 'not-run')
  await ended(await asked(START + HOUR), START + 3 * HOUR, 'unanswered')
  ran(await asked(START + 20 * HOUR), { state: 'RUNNING' })
  history.past.push(
    pastJob({ jobId: 'statement', parent: 'script', createdAt: START + HOUR }),
    pastJob({ jobId: 'theirs', account: 'ann@acme.example', createdAt: START + HOUR }),
  )
  time.now = START + 2 * DAY
  const result = await reconcile(ports, SPAN)
  expect(result).toMatchObject({
    ...SPAN,
    until: SPAN.to,
    jobs: 3,
    calls: 1,
    others: 1,
    alerts: [],
  })
  expect(store.ofType('alert')).toEqual([])
})

test('a job past Sluice is an alert, once, however often it is found', async () => {
  const { time, history, ports, store } = reconcilingWorld()
  history.past.push(pastJob({ createdAt: START + HOUR }))
  time.now = START + DAY
  expect(found(await reconcile(ports, SPAN))).toEqual([
    ['job-without-entry', 'job_past_sluice', true],
  ])
  time.now += HOUR
  expect(found(await reconcile(ports, SPAN))).toEqual([
    ['job-without-entry', 'job_past_sluice', false],
  ])
  expect(store.ofType('alert')).toEqual([
    {
      v: 1,
      type: 'alert',
      id: expect.stringMatching(/^alert~[0-9a-f]{64}$/),
      at: START + DAY,
      alert: 'job-without-entry',
      detail: 'it has no label of Sluice',
      job: { projectId: 'acme', jobId: 'job_past_sluice', location: 'EU' },
      account: ACCOUNT,
    },
  ])
})

test('a job whose request entry is gone is an alert, also where its claim is still there', async () => {
  const { time, ports, asked, ran, ended, store } = reconcilingWorld()
  const kept = await asked(START + HOUR)
  const job = ran(kept)
  await store.jobs.claim(sampleJob({ jobId: job.jobId, call: kept.call, request: kept.hash }))
  await ended(kept, START + HOUR + 200, 'released', job)
  time.now = START + DAY
  const without: typeof ports.entries = {
    ...ports.entries,
    get: async (id) => (id === kept.entry.id ? undefined : ports.entries.get(id)),
    list: async (query) => {
      const page = await ports.entries.list(query)
      if (!page.ok) return page
      const entries = page.value.entries.filter(({ entry }) => entry.id !== kept.entry.id)
      return { ok: true, value: { ...page.value, entries } }
    },
  }
  expect(found(await reconcile({ ...ports, entries: without }, SPAN))).toEqual([
    ['job-without-entry', job.jobId, true],
  ])
})

test('a call that was released and that BigQuery knows nothing of is an alert', async () => {
  const { time, ports, asked, ended } = reconcilingWorld()
  const call = await asked(START + HOUR)
  await ended(call, START + HOUR, 'released', pastJob({ jobId: 'never_was' }))
  const unfetched = await asked(START + HOUR)
  await ended(unfetched, START + HOUR, 'executed-not-delivered')
  time.now = START + DAY
  expect(new Set(found(await reconcile(ports, SPAN)))).toEqual(
    new Set([
      ['entry-without-job', 'never_was', true],
      ['entry-without-job', unfetched.call, true],
    ]),
  )
})

test('a result that was fetched the day after is found by its label', async () => {
  const { time, ports, asked, ran, ended } = reconcilingWorld()
  const call = await asked(START + HOUR, {
    job: { projectId: 'acme', jobId: 'sluice_approved_late', location: 'EU' },
  })
  const job = ran(call, { createdAt: START + 9 * HOUR })
  await ended(call, START + 30 * HOUR, 'released', job)
  time.now = START + 2 * DAY
  const later = { from: START + 29 * HOUR, to: START + 31 * HOUR }
  expect(await reconcile(ports, later)).toMatchObject({ calls: 1, jobs: 0, alerts: [] })
})

test('it goes on from where the last one came to, and looks at an hour of that again', async () => {
  const { time, history, ports, reconciledUpTo, asked, ran } = reconcilingWorld()
  ran(await asked(START + HOUR))
  time.now = START + 8 * HOUR
  await reconciledUpTo.advance(START + HOUR)
  const first = await reconcile(ports)
  const to = time.now - 10 * MINUTE
  expect(await reconciledUpTo.read()).toBe(to)
  expect(first.to).toBe(to)
  history.past.push(pastJob({ createdAt: to - 30 * MINUTE }))
  history.asked.length = 0
  time.now += HOUR
  const second = await reconcile(ports)
  expect(second).toMatchObject({ from: to - HOUR, to: to + HOUR, jobs: 1 })
  expect(found(second)).toEqual([['job-without-entry', 'job_past_sluice', true]])
  // Who asks for a time moves nothing.
  await reconcile(ports, { from: START, to: START + HOUR })
  expect(await reconciledUpTo.read()).toBe(to + HOUR)
})

test('the first time it begins where the record does', async () => {
  const { time, history, ports, asked } = reconcilingWorld({ since: 0 })
  const began = Date.now()
  await asked(began)
  history.past.push(pastJob({ createdAt: began - HOUR }), pastJob({ createdAt: began + HOUR }))
  time.now = began + DAY
  const first = await reconcile(ports)
  expect(first.from).toBeGreaterThanOrEqual(began)
  expect(first).toMatchObject({ jobs: 1 })
})

test('it stops when its time is over, and says where', async () => {
  const { time, ports, reconciledUpTo } = reconcilingWorld()
  time.now = START + 10 * DAY
  const clock = () => (time.now += 2 * MINUTE)
  await reconciledUpTo.advance(START)
  const part = await reconcile({ ...ports, clock })
  expect(part.to).toBeLessThan(part.until)
  expect(await reconciledUpTo.read()).toBe(part.to)
  const rest = await reconcile(ports, { from: part.to, to: part.until }, { forMs: DAY })
  expect(rest).toMatchObject({ from: part.to, to: part.until })
})

test('of what BigQuery does not know any more, or not yet, nothing is said', async () => {
  const { time, ports, asked, ended } = reconcilingWorld({ since: START + 2 * HOUR })
  const forgotten = await asked(START + HOUR)
  await ended(forgotten, START + 3 * HOUR, 'released')
  const fresh = await asked(START + DAY)
  await ended(fresh, START + DAY, 'released')
  time.now = START + DAY + MINUTE
  expect(await reconcile(ports, { from: 0 })).toMatchObject({
    from: START + 2 * HOUR,
    to: time.now - 10 * MINUTE,
    alerts: [],
  })
})

test('while BigQuery does not answer nothing counts as compared', async () => {
  const { time, history, ports, reconciledUpTo } = reconcilingWorld()
  history.past.push(pastJob({ createdAt: START + HOUR }))
  history.isDown = true
  time.now = START + 2 * HOUR
  await reconciledUpTo.advance(START + HOUR)
  await expect(reconcile(ports)).rejects.toThrow('bigquery is down')
  expect(await reconciledUpTo.read()).toBe(START + HOUR)
  history.isDown = false
  expect(found(await reconcile(ports))).toHaveLength(1)
})

test('when an alert cannot be recorded nothing counts as compared', async () => {
  const { time, history, ports, reconciledUpTo, store } = reconcilingWorld()
  history.past.push(pastJob({ createdAt: START + HOUR }))
  time.now = START + 2 * HOUR
  await reconciledUpTo.advance(START + HOUR)
  store.failNext('before', { type: 'alert', times: Infinity })
  await expect(reconcile(ports)).rejects.toThrow(/^`alert~[0-9a-f]{64}` could not be recorded$/)
  expect(await reconciledUpTo.read()).toBe(START + HOUR)
  store.recover()
  expect(found(await reconcile(ports))).toEqual([['job-without-entry', 'job_past_sluice', true]])
})

test('a job of somebody else is counted and not judged, with a copied label or without', async () => {
  const { time, ports, asked, ran } = reconcilingWorld()
  const theirs = { account: 'ann@acme.example' }
  const call = await asked(START + HOUR)
  ran(call, theirs)
  ran(call, { ...theirs, jobId: 'without', labels: pastJob({}).labels })
  time.now = START + DAY
  expect(await reconcile(ports, SPAN)).toMatchObject({ jobs: 0, others: 2, alerts: [] })
})

test('what only the audit logs have is judged as well, and what was listed not twice', async () => {
  const { time, history, ports, asked, ran } = reconcilingWorld()
  const listed = ran(await asked(START + HOUR))
  const bypass = pastJob({ createdAt: START + HOUR })
  history.past.push(bypass)
  const session = { projectId: 'other', jobId: 'CAIS', location: 'eu' }
  const cloudAuditLogs: CloudAuditLogs = async function* () {
    yield {
      jobs: [
        { ...listed, location: 'eu' },
        { ...bypass, location: 'eu' },
        { ...bypass, projectId: 'other', jobId: 'elsewhere', createdAt: START - DAY },
        { ...bypass, jobId: 'ended_later', createdAt: START - DAY },
        { ...bypass, jobId: 'on_no_list' },
      ],
      readSessions: [{ session, account: ACCOUNT }],
    }
  }
  time.now = START + DAY
  const span = { from: START, to: START + 6 * HOUR }
  const { alerts } = await reconcile({ ...ports, cloudAuditLogs }, span)
  expect(alerts.map(({ entry }) => entry.job?.jobId)).toEqual([
    'job_past_sluice',
    'elsewhere',
    'on_no_list',
    'CAIS',
  ])
  expect(alerts.at(-1)?.entry).toMatchObject({
    alert: 'job-without-entry',
    job: session,
    account: ACCOUNT,
    detail: 'it is no job but a session of the Storage Read API, which Sluice never opens',
  })
})
