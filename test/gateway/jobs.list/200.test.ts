import { afterEach, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { errorReply } from '../../support/stub-replies.ts'
import { JOBS, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

interface List {
  readonly jobs: readonly { readonly jobReference: { readonly jobId: string } }[]
  readonly nextPageToken?: string
}

async function list(query = '', as: 'ana' | 'bob' = 'ana') {
  const response = await gateway.request(`${JOBS}${query}`, { as })
  expect(response.status).toBe(200)
  const { jobs, nextPageToken } = (await response.json()) as List
  return { ids: jobs.map((job) => job.jobReference.jobId), next: nextPageToken, jobs }
}

/** Jobs `a1`, `a2`, … of Ana, and one of Bob's in between each. */
async function start(count: number): Promise<void> {
  for (let i = 1; i <= count; i++) {
    gateway.time.offset += 10
    await gateway.insert(SELECT, { jobReference: { jobId: `a${i}` } })
    await gateway.insert(SELECT, { jobReference: { jobId: `b${i}` }, as: 'bob' })
  }
  gateway.upstream.requests.length = 0
}

test('one’s own jobs, newest first, with the states BigQuery has', async () => {
  await start(2)
  const { jobs, ids, next } = await list()
  expect(ids).toEqual(['a2', 'a1'])
  expect(next).toBeUndefined()
  expect(jobs[0]).toEqual({
    kind: 'bigquery#job',
    etag: 'e2',
    id: 'acme:US.a2',
    user_email: 'ana',
    jobReference: { projectId: 'acme', jobId: 'a2', location: 'US' },
    state: 'DONE',
    status: { state: 'DONE' },
    statistics: expect.anything(),
  })
  // BigQuery's own list, which is everybody's, is never asked for.
  expect(gateway.upstream.requests.map(({ path }) => path).toSorted()).toEqual([
    `${JOBS}/a1`,
    `${JOBS}/a2`,
  ])
})

test('`allUsers` changes nothing', async () => {
  await start(1)
  expect((await list('?allUsers=true&projection=full')).ids).toEqual(['a1'])
})

test('pages have tokens of Sluice’s own', async () => {
  await start(5)
  const first = await list('?maxResults=2')
  const second = await list(`?maxResults=2&pageToken=${first.next}`)
  const third = await list(`?maxResults=2&pageToken=${second.next}`)
  expect([first.ids, second.ids, third.ids]).toEqual([['a5', 'a4'], ['a3', 'a2'], ['a1']])
  expect(third.next).toBeUndefined()
})

test('a page token is good for whom it was made, and for the project', async () => {
  await start(3)
  const { next = '' } = await list('?maxResults=1')
  const last = next.at(-1) === 'A' ? 'B' : 'A'
  for (const [token, as, project] of [
    [`${next.slice(0, -1)}${last}`, 'ana', 'acme'],
    [`${next}x`, 'ana', 'acme'],
    ['x', 'ana', 'acme'],
    ['row-1', 'ana', 'acme'],
    [next, 'bob', 'acme'],
    [next, 'ana', 'lab'],
  ] as const) {
    const before = gateway.upstream.requests.length
    const path = `/bigquery/v2/projects/${project}/jobs?maxResults=1&pageToken=${token}`
    const { code, reason, message } = await errorOf(await gateway.request(path, { as }))
    expect({ code, reason }).toEqual({ code: 400, reason: 'invalid' })
    expect(message).toContain('invalid `pageToken`')
    expect(gateway.upstream.requests).toHaveLength(before)
  }
})

test('filters: state, time, parent', async () => {
  await start(1)
  gateway.bigQuery.pendingAnswers = 5
  await gateway.insert(SELECT, { jobReference: { jobId: 'running' } })
  expect((await list('?stateFilter=running&stateFilter=pending')).ids).toEqual(['running'])
  expect((await list('?stateFilter=done')).ids).toEqual(['a1'])
  expect((await list('?minCreationTime=1790000000001')).ids).toEqual([])
  expect((await list('?maxCreationTime=1789999999999')).ids).toEqual([])
  expect((await list('?minCreationTime=1790000000000')).ids).toHaveLength(2)
  expect((await list('?parentJobId=a1')).ids).toEqual([])
})

test('the configuration, SQL and all, only with `projection=full`', async () => {
  await start(1)
  expect((await list()).jobs[0]).not.toHaveProperty('configuration')
  expect((await list('?projection=full')).jobs[0]).toHaveProperty('configuration.query.query')
})

test('a job that BigQuery has forgotten is left out', async () => {
  await start(2)
  const { respond } = gateway.bigQuery
  gateway.upstream.respond((request, response) => {
    if (!request.path.endsWith('/a1')) return respond(request, response)
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { code: 404, message: 'Not found', errors: [] } }))
  })
  expect((await list()).ids).toEqual(['a2'])
})

/** BigQuery answers this when asked about job `a1`. */
function answerAboutA1(status: number, reason: string): void {
  const { respond } = gateway.bigQuery
  const refusal = errorReply(status, reason, 'no', 'STATUS')
  gateway.upstream.respond((request, response) =>
    (request.path.endsWith('/a1') ? refusal : respond)(request, response),
  )
}

test.each([
  [400, 'invalid'],
  [403, 'accessDenied'],
  [404, 'notFound'],
  [410, 'resourceGone'],
])('a job BigQuery answers with %i made every list a 503', async (status, reason) => {
  await start(2)
  answerAboutA1(status, reason)
  expect((await list()).ids).toEqual(['a2'])
})

test.each([
  [403, 'rateLimitExceeded'],
  [403, 'quotaExceeded'],
  [429, 'rateLimitExceeded'],
  [500, 'internalError'],
  [503, 'backendError'],
])('%i %s is no reason to leave a job out', async (status, reason) => {
  await start(2)
  answerAboutA1(status, reason)
  const response = await gateway.request(JOBS, { as: 'ana' })
  expect(await errorOf(response)).toMatchObject({ code: 503, reason: 'backendError' })
})

test('of jobs that cannot match, BigQuery is not asked', async () => {
  await start(1)
  const at = (await gateway.store.jobs.find('acme', 'a1'))?.at ?? 0
  expect((await list(`?maxCreationTime=${at - 60_001}`)).ids).toEqual([])
  expect((await list('?parentJobId=a1')).ids).toEqual([])
  expect(gateway.upstream.requests).toEqual([])
  // The clocks may differ, and a job may be created long after it was recorded.
  await list(`?maxCreationTime=${at - 60_000}`)
  await list(`?minCreationTime=${at + 3_600_000}`)
  expect(gateway.upstream.requests).toHaveLength(2)
})

test('nobody’s jobs', async () => {
  const { ids } = await list('', 'bob')
  expect(ids).toEqual([])
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('outcome')).toMatchObject([{ outcome: 'released' }])
})

test('a project that policy does not know', async () => {
  const response = await gateway.request('/bigquery/v2/projects/elsewhere/jobs', { as: 'ana' })
  expect(await errorOf(response)).toMatchObject({ code: 403, reason: 'accessDenied' })
})
