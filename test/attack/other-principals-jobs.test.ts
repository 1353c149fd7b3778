import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { errorOf } from '../support/error-of.ts'
import { guarantee } from '../support/guarantee.ts'
import { JOB, startJob } from '../support/method-calls.ts'
import { JOBS, QUERIES, SELECT, V2, type World, world } from '../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
  await startJob(gateway)
  // Ana looked at it: its result table is known to be hers.
  await gateway.request(`${JOBS}/${JOB}`, { as: 'ana' })
  gateway.upstream.requests.length = 0
})
afterEach(() => gateway.close())

const TABLE = `${V2}/projects/acme/datasets/_anon/tables/anon_${JOB}`

/** Every way to ask for a job or its rows by its id. */
const ways = [
  ['jobs.get', 'GET', `${JOBS}/${JOB}`],
  ['jobs.get with its place', 'GET', `${JOBS}/${JOB}?location=US`],
  ['jobs.getQueryResults', 'GET', `${QUERIES}/${JOB}`],
  ['a later page', 'GET', `${QUERIES}/${JOB}?pageToken=row-1`],
  ['jobs.getQueryResults without rows', 'GET', `${QUERIES}/${JOB}?maxResults=0&timeoutMs=0`],
  ['jobs.cancel', 'POST', `${JOBS}/${JOB}/cancel`],
  ['rows of the result table', 'GET', `${TABLE}/data`],
  ['rows of the result table, paged', 'GET', `${TABLE}/data?maxResults=1&startIndex=0`],
  ['the result table', 'GET', TABLE],
] as const

guarantee('own-jobs-only', async () => {
  for (const [way, method, path] of ways) {
    for (const as of ['bob', 'otto', 'eve'] as const) {
      const { code, reason, message } = await errorOf(await gateway.request(path, { as, method }))
      expect({ way, as, code, reason }).toEqual({ way, as, code: 404, reason: 'notFound' })
      expect(message).not.toContain('ana ')
    }
  }
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.bigQuery.jobs.get(JOB)?.cancelled).toBe(false)
  expect(gateway.store.ofType('page')).toEqual([])
  expect(gateway.store.ofType('refusal')).toHaveLength(ways.length * 3)
  // Whose it is can still do all of it.
  for (const [, method, path] of ways)
    expect((await gateway.request(path, { as: 'ana', method })).status).toBe(200)
})

/** Without what is different each time. */
const words = (text: string) => text.replace(/\(Sluice call .*\)$/, '').replaceAll('job_none', JOB)

describe('what exists is not told from what does not', () => {
  test.each(ways)('%s', async (_way, method, path) => {
    const theirs = await errorOf(await gateway.request(path, { as: 'bob', method }))
    const invented = path.replaceAll(JOB, 'job_none')
    const nobodys = await errorOf(await gateway.request(invented, { as: 'bob', method }))
    expect(words(nobodys.message)).toBe(words(theirs.message))
    expect(nobodys.code).toBe(theirs.code)
  })
})

test('the same name at another issuer is somebody else', async () => {
  await gateway.store.jobs.claim({
    projectId: 'acme',
    jobId: 'elsewhere',
    location: 'US',
    connection: 'main',
    owner: 'https://id.acme.example.evil ana',
    call: 'a'.repeat(26),
    session: 's',
    request: '0'.repeat(64),
    effectiveDigest: '0'.repeat(64),
    dryRun: false,
    release: { masks: [], governed: false, maximumRows: undefined, outputs: undefined },
    at: 1,
  })
  expect((await gateway.request(`${JOBS}/elsewhere`, { as: 'ana' })).status).toBe(404)
  expect(gateway.upstream.requests).toEqual([])
})

test('a job of one project is not found in another', async () => {
  for (const path of [`jobs/${JOB}`, `queries/${JOB}`, `datasets/_anon/tables/anon_${JOB}/data`]) {
    const response = await gateway.request(`${V2}/projects/lab/${path}`, { as: 'ana' })
    expect((await errorOf(response)).code).toBe(404)
  }
  expect(gateway.upstream.requests).toEqual([])
})

test('a page token of another’s list opens nothing', async () => {
  await gateway.insert(SELECT, { jobReference: { jobId: 'second' } })
  const list = await gateway.request(`${JOBS}?maxResults=1`, { as: 'ana' })
  const { nextPageToken } = (await list.json()) as { nextPageToken: string }
  gateway.upstream.requests.length = 0
  const response = await gateway.request(`${JOBS}?pageToken=${nextPageToken}`, { as: 'bob' })
  expect((await errorOf(response)).code).toBe(400)
  expect(gateway.upstream.requests).toEqual([])
})

test.each([
  `SELECT * FROM acme._anon.anon_${JOB}`,
  'SELECT * FROM acme._script.t',
  'SELECT query FROM acme.hospital.INFORMATION_SCHEMA.JOBS',
])('%s is no way to the results of others', async (sql) => {
  const { code, reason } = await errorOf(await gateway.query(sql, { as: 'bob' }))
  expect({ code, reason }).toEqual({ code: 403, reason: 'accessDenied' })
  expect(gateway.upstream.requests).toEqual([])
})

test('a request id of another’s does not replay their job', async () => {
  await gateway.query(SELECT, { with: { requestId: 'r-1' } })
  const response = await gateway.query(SELECT, { with: { requestId: 'r-1' }, as: 'bob' })
  const { jobReference } = (await response.json()) as { jobReference: { jobId: string } }
  expect(jobReference.jobId).toBe('job_3')
  const mine = await gateway.request(`${QUERIES}/${jobReference.jobId}`, { as: 'ana' })
  expect(mine.status).toBe(404)
})

test('a session of somebody else cannot be entered', async () => {
  const named = { headers: { 'sluice-session': 'quarterly-report' } }
  await gateway.query(SELECT, named)
  await gateway.query(SELECT, { ...named, as: 'bob' })
  await gateway.query(SELECT, {
    as: 'bob',
    with: { labels: { sluice_session: 'quarterly-report' } },
  })
  const sessions = gateway.store.ofType('request').map(({ principal, session }) => ({
    who: principal.subject,
    name: session.claimed.name,
    id: session.id,
  }))
  const [, anas, bobs, bobsByLabel] = sessions
  expect(anas).toMatchObject({ who: 'ana', name: 'quarterly-report' })
  expect(bobs).toMatchObject({ who: 'bob', name: 'quarterly-report' })
  expect(bobs?.id).not.toBe(anas?.id)
  // The header and the label name the same.
  expect(bobsByLabel?.id).toBe(bobs?.id)
})
