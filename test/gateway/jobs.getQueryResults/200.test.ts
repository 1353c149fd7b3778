import { afterEach, beforeEach, expect, test } from 'vitest'

import { instanceMemory } from '../../../shared/gateway/instance-memory.ts'
import { JOB, startJob } from '../../support/method-calls.ts'
import { QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ hold: { usualMs: 700, javaMs: 100, longestMs: 900 } })
})
afterEach(() => gateway.close())

const results = (query = '', headers: Record<string, string> = {}) =>
  gateway.request(`${QUERIES}/${JOB}${query}`, { as: 'ana', headers })

interface Page {
  readonly rows?: readonly { readonly f: readonly { readonly v: string }[] }[]
  readonly pageToken?: string
  readonly jobComplete?: boolean
}
const pageOf = async (query: string) => (await (await results(query)).json()) as Page

test('pages, each on the record under the entry of its job', async () => {
  await gateway.query(SELECT, { with: { maxResults: 1 } })
  const names: (string | undefined)[] = []
  let token: string | undefined = ''
  while (token !== undefined) {
    const page: Page = await pageOf(`?maxResults=1&pageToken=${token}`)
    names.push(page.rows?.[0]?.f[1]?.v)
    token = page.pageToken
  }
  expect(names).toEqual(['Ana', 'Ben', 'Cleo'])
  const [request] = gateway.store.ofType('request')
  expect(gateway.store.ofType('request')).toHaveLength(1)
  expect(gateway.store.ofType('page')).toMatchObject(
    [true, true, false].map((morePages) => ({
      call: request?.call,
      method: 'jobs.getQueryResults',
      principal: { subject: 'ana' },
      delivery: { rows: 1, totalRows: '3', morePages, job: { jobId: JOB } },
    })),
  )
})

test('what is asked for reaches BigQuery in its own names', async () => {
  await startJob(gateway)
  await results(
    '?location=us&maxResults=2&startIndex=1&formatOptions.useInt64Timestamp=True' +
      '&formatOptions.timestampOutputFormat=INT64&prettyPrint=false&alt=json&fields=rows&pageToken=',
  )
  const [request] = gateway.upstream.requests
  expect(Object.fromEntries(request?.query ?? [])).toEqual({
    location: 'US',
    maxResults: '2',
    startIndex: '1',
    'formatOptions.useInt64Timestamp': 'true',
    'formatOptions.timestampOutputFormat': 'INT64',
    timeoutMs: expect.stringMatching(/^\d+$/),
    prettyPrint: 'false',
  })
})

test('rows without the schema, as Python and Go fetch them', async () => {
  await startJob(gateway)
  const page = await pageOf('?fields=jobReference,totalRows,pageToken,rows')
  expect(Object.keys(page)).toEqual(['jobReference', 'totalRows', 'rows'])
  expect(gateway.store.ofType('page')).toMatchObject([{ delivery: { rows: 3 } }])
})

test('`maxResults=0` waits, and hands over no rows', async () => {
  gateway.bigQuery.pendingAnswers = 1
  await gateway.query(SELECT, { with: { timeoutMs: 0 } })
  const page = await pageOf('?maxResults=0')
  expect(page).toMatchObject({ jobComplete: true })
  expect(page).not.toHaveProperty('rows')
  expect(gateway.store.ofType('outcome')).toMatchObject([{ delivery: { rows: 0 } }])
})

test.each([
  ['nobody in particular', '', {}, 400, 900],
  ['whoever wants no waiting', '?timeoutMs=0', {}, 0, 300],
  ['Java', '', { 'x-goog-api-client': 'gl-java/17 gccl/2.40' }, 0, 500],
  [
    'Node, which would take an early answer for no rows',
    '?maxResults=10',
    { 'x-goog-api-client': 'gl-node/20.20.2 gccl/9.3.0' },
    700,
    1_500,
  ],
])(
  'the request of %s is kept as long as that client needs',
  async (_who, query, headers, min, max) => {
    gateway.bigQuery.pendingAnswers = 1_000
    await gateway.query(SELECT, { with: { timeoutMs: 0 } })
    gateway.upstream.requests.length = 0
    const start = performance.now()
    const response = await results(query, headers)
    const took = performance.now() - start
    expect(await response.json()).toMatchObject({ jobComplete: false })
    expect(took).toBeGreaterThanOrEqual(min)
    expect(took).toBeLessThan(max + 500)
    // BigQuery is not hammered.
    expect(gateway.upstream.requests.length).toBeLessThanOrEqual(took / 250 + 1)
    expect(gateway.store.ofType('outcome')).toEqual([])
    expect(gateway.store.ofType('page')).toEqual([])
  },
)

test('a job of another instance is the caller’s all the same', async () => {
  await startJob(gateway)
  Object.assign(gateway.ports, { memory: instanceMemory() })
  expect(await pageOf('')).toMatchObject({ jobComplete: true })
  // Asked once whose the job is, and never again.
  expect(await pageOf('')).toMatchObject({ jobComplete: true })
  expect(gateway.upstream.requests.map(({ path }) => path.split('/').at(-2))).toEqual([
    'jobs',
    'queries',
    'queries',
  ])
})

test('a job that failed is BigQuery’s error, and ends its call as failed', async () => {
  gateway.bigQuery.pendingAnswers = 1
  await gateway.query(SELECT, { with: { timeoutMs: 0 } })
  const error = {
    code: 400,
    message: 'Division by zero',
    errors: [{ message: 'Division by zero', domain: 'global', reason: 'invalidQuery' }],
    status: 'INVALID_ARGUMENT',
  }
  const { respond } = gateway.bigQuery
  gateway.upstream.respond((request, response) => {
    // BigQuery says so of the job, too: it is its own failure, and not one of asking.
    const job = gateway.bigQuery.jobs.get(JOB)
    const errorResult = { reason: 'invalidQuery', message: 'Division by zero' }
    if (job !== undefined) Object.assign(job, { pending: 0, errorResult })
    if (!request.path.includes('/queries/')) return respond(request, response)
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { ...error, details: ['stay behind'] } }))
  })
  const response = await results()
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ error })
  expect(gateway.store.ofType('outcome')).toMatchObject([
    { outcome: 'failed', delivery: { status: 400, errorReason: 'invalidQuery' } },
  ])
})
