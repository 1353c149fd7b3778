import { expect, test } from 'vitest'

import { ENDLESS, localBigQuery } from '../../support/local-bigquery.ts'

let release = (): void => {}
const held = new Promise<void>((resolve) => {
  release = resolve
})
let now = Date.now()
const { get, post, query, insert, rows } = await localBigQuery({
  workers: 2,
  clock: () => now,
  beforeJob: (_sql, labels) => (labels['held'] === 'yes' ? held : Promise.resolve()),
})

const state = async (id: string): Promise<string> => (await get(`/jobs/${id}`)).body.status.state

async function reaches(id: string, wanted: string): Promise<void> {
  await expect.poll(() => state(id), { timeout: 10_000, interval: 20 }).toBe(wanted)
}

const count = () => rows('SELECT COUNT(*) FROM crm.counted')

const ids = (jobs: { jobReference: { jobId: string } }[]) =>
  jobs.map((job) => job.jobReference.jobId)

test('a job is PENDING, RUNNING, then DONE; further ones wait for their turn', async () => {
  const labels = { labels: { held: 'yes' } }
  const first = await insert('SELECT 1 AS x', { jobId: 'first' }, labels)
  expect(first.body).toMatchObject({
    kind: 'bigquery#job',
    id: 'acme:US.first',
    jobReference: { projectId: 'acme', jobId: 'first', location: 'US' },
    status: { state: 'PENDING' },
    user_email: 'local@sluice.example',
  })
  await insert('SELECT 2 AS x', { jobId: 'second' }, labels)
  await Promise.all([reaches('first', 'RUNNING'), reaches('second', 'RUNNING')])
  await insert('SELECT 3 AS x', { jobId: 'third' })
  const running = await get('/jobs/first')
  expect(running.body.statistics.startTime).toMatch(/^\d+$/)
  expect(running.body.statistics.endTime).toBeUndefined()
  expect((await get('/queries/first?timeoutMs=50')).body).toEqual({
    kind: 'bigquery#getQueryResultsResponse',
    jobReference: { projectId: 'acme', jobId: 'first', location: 'US' },
    jobComplete: false,
  })
  expect(await state('third')).toBe('PENDING')
  expect((await get('/jobs?stateFilter=pending')).body.jobs).toHaveLength(1)
  expect((await get('/jobs?stateFilter=running&stateFilter=done')).body.jobs).toHaveLength(2)
  // A dry run does not wait for the jobs.
  expect((await query('SELECT 1', { dryRun: true })).body.jobComplete).toBe(true)

  const waiting = get('/queries/first')
  release()
  expect((await waiting).body).toMatchObject({ jobComplete: true, totalRows: '1' })
  await reaches('third', 'DONE')
  expect((await get('/jobs/third')).body.status).toEqual({ state: 'DONE' })
})

test('a running query ends when it is cancelled, and its turn is free again', async () => {
  await Promise.all([insert(ENDLESS, { jobId: 'long-1' }), insert(ENDLESS, { jobId: 'long-2' })])
  await reaches('long-2', 'RUNNING')
  await insert(ENDLESS, { jobId: 'long-3' })
  const cancelled = await post('/jobs/long-1/cancel?location=US')
  expect(cancelled.body).toMatchObject({
    kind: 'bigquery#jobCancelResponse',
    job: { jobReference: { jobId: 'long-1' } },
  })
  const problem = {
    reason: 'stopped',
    message: 'Job execution was cancelled: User requested cancellation',
  }
  const { body } = await get('/jobs/long-1')
  expect(body.status).toMatchObject({ state: 'DONE', errorResult: problem, errors: [problem] })
  const results = await get('/queries/long-1')
  expect(results.status).toBe(400)
  expect(results.body.error.errors).toEqual([{ ...problem, domain: 'global' }])
  await reaches('long-3', 'RUNNING')
  await Promise.all(['long-2', 'long-3'].map((id) => post(`/jobs/${id}/cancel`)))
  expect(await rows('SELECT 1')).toEqual([['1']])
})

test('a job that waits for its turn can be cancelled too', async () => {
  await Promise.all(['a', 'b'].map((id) => insert(ENDLESS, { jobId: `busy-${id}` })))
  await insert('CREATE TABLE crm.never AS SELECT 1 AS x', { jobId: 'waiting' })
  await post('/jobs/waiting/cancel')
  expect(await state('waiting')).toBe('DONE')
  await Promise.all(['a', 'b'].map((id) => post(`/jobs/busy-${id}/cancel`)))
  expect(await rows('SELECT 1')).toEqual([['1']])
  expect((await get('/datasets/crm/tables/never')).status).toBe(404)
})

test('a job that is done stays as it is when it is cancelled', async () => {
  await insert('SELECT 1', { jobId: 'over' })
  await reaches('over', 'DONE')
  await post('/jobs/over/cancel')
  expect((await get('/jobs/over')).body.status).toEqual({ state: 'DONE' })
})

test('jobTimeoutMs ends a job', async () => {
  const { status, body } = await query(ENDLESS, { jobTimeoutMs: '1000' })
  expect([status, body.error.message]).toEqual([
    400,
    'Job execution was cancelled: Job timed out after 1s',
  ])
})

test('timeoutMs ends the waiting, not the job', async () => {
  const started = performance.now()
  const { status, body } = await query(ENDLESS, { timeoutMs: 100 })
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(status).toBe(200)
  expect(Object.keys(body).toSorted()).toEqual(['jobComplete', 'jobReference', 'kind'])
  expect(body.jobComplete).toBe(false)
  const { jobId } = body.jobReference
  expect(await state(jobId)).toBe('RUNNING')
  await post(`/jobs/${jobId}/cancel`)
})

test('an id that exists is a duplicate, and runs nothing', async () => {
  await insert('CREATE TABLE crm.once AS SELECT 1 AS x', { jobId: 'once' })
  await reaches('once', 'DONE')
  const { status, body } = await insert('DROP TABLE crm.once', { jobId: 'once' })
  expect(status).toBe(409)
  expect(body.error).toEqual({
    code: 409,
    message: 'Already Exists: Job acme:US.once',
    errors: [
      { message: 'Already Exists: Job acme:US.once', domain: 'global', reason: 'duplicate' },
    ],
    status: 'ALREADY_EXISTS',
  })
  expect((await get('/datasets/crm/tables/once')).status).toBe(200)
})

test.each(['a b', 'ä', '', 'x'.repeat(1_025)])('`%s` is no job id', async (jobId) => {
  expect((await insert('SELECT 1', { jobId })).status).toBe(400)
})

test('a request id makes a retry the same job, for 15 minutes', async () => {
  await query('CREATE TABLE crm.counted (x INT64)')
  const put = (requestId: string, x: number, more = {}) =>
    query(`INSERT crm.counted VALUES (${x})`, { requestId, ...more })
  const first = await put('request-1', 1)
  const again = await put('request-1', 1, { timeoutMs: 3_000 })
  expect(again.body).toEqual(first.body)
  expect(await count()).toEqual([['1']])
  // The same id with another statement is no retry.
  await put('request-1', 2)
  expect(await count()).toEqual([['2']])
  now += 15 * 60_000 + 1
  const later = await put('request-1', 1)
  expect(later.body.jobReference).not.toEqual(first.body.jobReference)
  expect(await count()).toEqual([['3']])
  expect((await put('x'.repeat(37), 4)).status).toBe(400)
})

test('a job says what it did', async () => {
  await query('CREATE OR REPLACE TABLE crm.told AS SELECT 1 AS x UNION ALL SELECT 2')
  await insert(
    'UPDATE crm.told SET x = x + 1 WHERE x = 1',
    { jobId: 'told' },
    { labels: { a: 'b' } },
  )
  await reaches('told', 'DONE')
  const { body } = await get('/jobs/told?projection=full')
  expect(body.configuration).toMatchObject({
    jobType: 'QUERY',
    labels: { a: 'b' },
    query: {
      query: 'UPDATE crm.told SET x = x + 1 WHERE x = 1',
      useLegacySql: false,
      destinationTable: { projectId: 'acme', datasetId: 'crm', tableId: 'told' },
    },
  })
  expect(body.statistics).toMatchObject({
    creationTime: expect.stringMatching(/^\d{13}$/),
    endTime: expect.stringMatching(/^\d{13}$/),
    totalBytesProcessed: '16',
    query: {
      statementType: 'UPDATE',
      cacheHit: false,
      referencedTables: [{ projectId: 'acme', datasetId: 'crm', tableId: 'told' }],
      numDmlAffectedRows: '1',
      dmlStats: { insertedRowCount: '0', updatedRowCount: '1', deletedRowCount: '0' },
    },
  })
})

test('jobs.list is newest first, in pages, and short unless the full projection is asked for', async () => {
  for (const jobId of ['list-1', 'list-2', 'list-3']) await insert('SELECT 1', { jobId })
  const first = await get('/jobs?maxResults=2')
  expect(ids(first.body.jobs)).toEqual(['list-3', 'list-2'])
  expect(first.body.jobs[0].configuration).toBeUndefined()
  const second = await get(
    `/jobs?maxResults=1&projection=full&allUsers=true&pageToken=${first.body.nextPageToken}`,
  )
  expect(ids(second.body.jobs)).toEqual(['list-1'])
  expect(second.body.jobs[0].configuration.query.query).toBe('SELECT 1')
  expect((await get('/jobs?pageToken=nonsense')).status).toBe(400)
})

test('an unknown job is not found by any method', async () => {
  const answers = await Promise.all([
    get('/jobs/nope'),
    get('/queries/nope'),
    post('/jobs/nope/cancel'),
    get('/jobs/list-1?location=EU'),
  ])
  expect(answers.map(({ status, body }) => [status, body.error.errors[0].reason])).toEqual(
    Array.from({ length: 4 }, () => [404, 'notFound']),
  )
  expect(answers[0]?.body.error.message).toBe('Not found: Job acme:nope')
})
