import { expect, test } from 'vitest'

import { type OwnRow, ownQuery } from '../../../shared/adapters/bigquery/own-query.ts'
import type { BigQueryCall } from '../../../shared/bigquery/call.ts'
import { errorBody } from '../../../shared/bigquery/error.ts'
import { type Result, err, ok } from '../../../shared/kernel/result.ts'
import type { UpstreamProblem, UpstreamReply } from '../../../shared/upstream/upstream.ts'

type Answer = Result<UpstreamReply, UpstreamProblem>

const says = (body: object, status = 200): Answer =>
  ok({
    status,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(body)),
    credentialVersion: 'test',
  })

const rows = (...values: readonly (string | null)[]) => values.map((v) => ({ f: [{ v }] }))
const down = err<UpstreamProblem>({ problem: 'upstream-timeout', mayHaveRun: true })
const failed = says(errorBody(503, 'backendError', 'secret'), 503)
const taken = says(errorBody(409, 'duplicate', 'secret'), 409)
const denied = says(errorBody(403, 'accessDenied', 'secret'), 403)

const query = {
  connection: 'main',
  projectId: 'acme',
  location: 'EU',
  jobId: 'sluice_own_x_y',
  sql: 'SELECT 1',
  parameters: [],
}

/** What comes of a query when BigQuery answers so, one answer after the other. */
async function run(...answers: readonly Answer[]) {
  const left = [...answers]
  const asked: BigQueryCall[] = []
  const pages: (readonly OwnRow[])[] = []
  const call = async (_: string, each: BigQueryCall) => {
    asked.push(each)
    return left.shift() ?? down
  }
  for await (const page of ownQuery(call, query)) pages.push(page)
  return { asked, pages }
}

test('it waits for the job, and yields its rows page by page', async () => {
  const { asked, pages } = await run(
    says({ status: { state: 'RUNNING' } }),
    says({ jobComplete: false }),
    says({ jobComplete: true, pageToken: 'two', rows: rows('a', null) }),
    says({ jobComplete: true, rows: rows('b') }),
  )
  expect(pages).toEqual([[['a'], [null]], [['b']]])
  expect(
    asked.map(({ verb, path, query: { pageToken, location } }) => [
      verb,
      path,
      pageToken,
      location,
    ]),
  ).toEqual([
    ['POST', '/projects/acme/jobs', undefined, undefined],
    ['GET', '/projects/acme/queries/sluice_own_x_y', undefined, 'EU'],
    ['GET', '/projects/acme/queries/sluice_own_x_y', undefined, 'EU'],
    ['GET', '/projects/acme/queries/sluice_own_x_y', 'two', 'EU'],
  ])
  expect(asked[0]?.body).toMatchObject({
    jobReference: { projectId: 'acme', jobId: 'sluice_own_x_y', location: 'EU' },
    configuration: { labels: { sluice_own: 'job-history' }, query: { query: 'SELECT 1' } },
  })
})

test.each([
  ['no answer', down],
  ['an outage', failed],
])('after %s it is the same job again', async (_, trouble) => {
  const done = says({ jobComplete: true })
  const { asked } = await run(trouble, taken, trouble, done)
  expect(asked[0]).toEqual(asked[1])
  expect(asked).toHaveLength(4)
})

test.each([
  ['twice no answer', [down, down], 'upstream-timeout'],
  ['two outages', [failed, failed], 'status 503, backendError'],
  ['a refusal, at once', [denied], 'status 403, accessDenied'],
  ['a job that failed', [says({}), denied], 'status 403, accessDenied'],
])('%s: nothing is known, in fixed words', async (_, answers, reason) => {
  await expect(run(...answers)).rejects.toThrow(
    new RegExp(`^bigquery does not say which jobs it ran: \`${reason}\`$`),
  )
})

test.each([
  ['rows in another form', { jobComplete: true, rows: [{ f: [{ v: { f: [] } }] }] }],
  ['nothing of a query', { kind: 'bigquery#job' }],
])('%s are no answer', async (_, body) => {
  await expect(run(says({}), says(body))).rejects.toThrow('an answer is not one of a query')
})
