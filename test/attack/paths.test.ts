import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { startJob } from '../support/method-calls.ts'
import { type RawReply, rawHttp, rawRequest } from '../support/raw-http.ts'
import { V2, type World, world } from '../support/world.ts'

let gateway: World
let url: string
let authorization: string
beforeAll(async () => {
  gateway = await world({ perMinute: 600 })
  await startJob(gateway)
  url = await gateway.listen()
  authorization = `Bearer ${await gateway.token('ana')}`
})
afterAll(() => gateway.close())
beforeEach(() => {
  gateway.upstream.requests.length = 0
})

/** The request line as it is written, which no HTTP library would send. */
const send = (target: string, method = 'GET', headers = {}): Promise<RawReply> =>
  rawHttp(url, rawRequest(method, target, { authorization, ...headers }))

const DATASETS = `${V2}/projects/acme/datasets`
const TABLE = `${DATASETS}/hospital/tables/patients`

describe('refused, and nothing is asked', () => {
  test.each([
    `/${DATASETS}`,
    `${V2}//projects/acme/datasets`,
    `${V2}/projects//acme/datasets`,
    `${DATASETS}/`,
    `${DATASETS}//`,
    `${DATASETS}/hospital/`,
    `/bigquery/v2%2Fprojects/acme/datasets`,
    `${V2}/projects%2Facme/datasets`,
    `${V2}/projects/acme%2Fdatasets`,
    `${DATASETS}/hospital%2Ftables`,
    `${DATASETS}/vault%2F..%2Fhospital`,
    `${TABLE}%2Fdata`,
    `${V2}/projects/acme/jobs/job_1%2Fcancel`,
    `${V2}/projects/acme/queries/job_1%00`,
    `${V2}/projects/acme/queries/job_1%0a`,
    `${V2}/projects/acme/queries/..%2fjob_1`,
    `${DATASETS};x=1`,
    `${V2};x/projects/acme/datasets`,
    `${V2}/projects/acme;lab/datasets`,
    `${V2}\\projects\\acme\\datasets`,
    `${DATASETS}%3Fall=true`,
    `${DATASETS}%23`,
    `${DATASETS}%20`,
    `${DATASETS}%`,
    `${DATASETS}%E0%A4`,
    `${V2}/projects/acme%zz/datasets`,
    `${V2}/projects/%2561cme/datasets`,
    `${V2}/projects/acme%C0%AFdatasets`,
    `${V2}/Projects/acme/datasets`,
    `/BIGQUERY/V2/projects/acme/datasets`,
    `/bigquery/v2/bigquery/v2/projects/acme/datasets`,
    `/bigquery/v1/projects/acme/datasets`,
    `/v2/projects/acme/datasets`,
    `//evil.example${DATASETS}`,
    `${TABLE}:getIamPolicy`,
    `${TABLE}%3AgetIamPolicy`,
    `${TABLE}%3asetIamPolicy`,
    `/mcp`,
    `/upload${V2}/projects/acme/jobs`,
    `/batch/bigquery/v2`,
    `/%24discovery/rest`,
    `/$discovery/rest/`,
    `/$discovery/rest?version=v1`,
    `/discovery/v1/apis/bigquery/v2/rest`,
    `${DATASETS}??all=true`,
    `${DATASETS}?all=true?x`,
    `%2Fbigquery/v2/projects`,
    `bigquery/v2/projects`,
    `*`,
    `${V2}/projects/acme\t/datasets`,
    `${V2}/projects/acme/datasets/${'a'.repeat(8_000)}`,
  ])('%.70s', async (target) => {
    const stored = gateway.store.stored().length
    for (const method of ['GET', 'POST']) {
      const { status, body, head } = await send(target, method)
      expect([400, 403, 404]).toContain(status)
      // What Node itself cannot read it refuses without a word.
      if (body !== '') {
        expect(head.toLowerCase()).toContain('content-type: application/json')
        expect(JSON.parse(body)).toMatchObject({ error: { code: status, errors: [{}] } })
      }
    }
    expect(gateway.upstream.requests).toEqual([])
    const [first, ...more] = gateway.store.stored().slice(stored)
    for (const each of [first, ...more])
      expect(each === undefined || each.entry.type === 'refusal').toBe(true)
  })
})

describe('two spellings of one path are decided on, sent and recorded as that path', () => {
  test.each([
    [`${V2}/projects/lab/../acme/datasets`],
    [`${V2}/projects/lab/%2e%2e/acme/datasets`],
    [`${V2}/projects/lab/.%2E/acme/datasets`],
    [`${V2}/projects/./acme/datasets`],
    [`/bigquery/v1/../v2/projects/acme/datasets`],
    [`/../..${DATASETS}`],
    [`${V2}/projects/%61cme/datasets`],
    [`${V2}/projects/acme/%64atasets`],
    [`${DATASETS}?`],
    [`${DATASETS}#x`],
    [`http://evil.example${DATASETS}`],
  ])('%s', async (target) => {
    const { status, body } = await send(target)
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ datasets: [{ id: 'acme:hospital' }] })
    for (const { path } of gateway.upstream.requests)
      expect(path).toMatch(/^\/bigquery\/v2\/projects\/acme\//)
    expect(gateway.store.ofType('request').at(-1)).toMatchObject({
      method: 'datasets.list',
      projectId: 'acme',
    })
  })

  test.each([
    [`${DATASETS}/hospital/../vault`, 403],
    [`${DATASETS}/hospital/%2e%2e/vault`, 403],
    [`${TABLE}/../secret_notes`, 403],
    [`${TABLE}/%2E./secret_notes/data`, 403],
    [`${V2}/projects/acme/../elsewhere/datasets`, 403],
    [`${V2}/projects/acme/datasets/%76ault`, 403],
    [`${V2}/projects/acme/../../../../healthz/../projects/lab/datasets/bench`, 403],
  ])('%s leads where nobody may go', async (target, expected) => {
    const { status } = await send(target)
    expect(status).toBe(expected)
    // At most which tables there are is asked, to decide.
    for (const { path } of gateway.upstream.requests) expect(path).toMatch(/\/tables$/)
  })
})

test('without a token there is no path to anything', async () => {
  for (const target of [
    `${V2}/projects/lab/../acme/datasets`,
    `/healthz/../bigquery/v2/projects/acme/datasets`,
    `/readyz/%2e%2e/bigquery/v2/projects/acme/datasets`,
    `/$discovery/../bigquery/v2/projects/acme/datasets`,
    '/$discovery/rest?version=v2',
    '/nothing',
  ])
    expect([401, 404]).toContain((await rawHttp(url, rawRequest('GET', target))).status)
  expect(gateway.upstream.requests).toEqual([])
})
