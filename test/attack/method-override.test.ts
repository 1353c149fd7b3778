import { afterEach, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../support/error-of.ts'
import { JOB, startJob } from '../support/method-calls.ts'
import { JOBS, QUERIES, SELECT, V2, type World, world } from '../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
  await startJob(gateway)
})
afterEach(() => gateway.close())

const FORM = 'application/x-www-form-urlencoded'
const TABLE = `${V2}/projects/acme/datasets/hospital/tables/patients`
const JSON_BODY = JSON.stringify({ query: SELECT })

const send = (
  path: string,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
) => gateway.request(path, { as: 'ana', method, headers, ...(body === undefined ? {} : { body }) })

test.each([
  [`${QUERIES}/${JOB}`, 'maxResults=1&timeoutMs=0', 'bigquery#getQueryResultsResponse'],
  [`${JOBS}/${JOB}`, '', 'bigquery#job'],
  [JOBS, 'maxResults=5&stateFilter=done&stateFilter=running', 'bigquery#jobList'],
  [`${TABLE}/data`, 'maxResults=1', 'bigquery#tableDataList'],
  [TABLE, '', 'bigquery#table'],
  [`${V2}/projects`, '', 'bigquery#projectList'],
])('a long GET as a form, as bq and Java send it: %s', async (path, form, kind) => {
  const headers = { 'x-http-method-override': 'GET', 'content-type': FORM }
  const response = await send(path, 'POST', headers, form)
  expect(await response.json()).toMatchObject({ kind })
  expect(gateway.bigQuery.jobs.size).toBe(1)
})

const overrides = [
  'GET',
  'get',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'GET, POST',
  'GET ,GET',
  'HEAD',
  '',
]
const types = [FORM, 'application/json', `${FORM}; charset=UTF-8`, 'text/plain', '']
const paths = [QUERIES, JOBS, `${JOBS}/${JOB}`, `${JOBS}/${JOB}/cancel`, `${QUERIES}/${JOB}`, TABLE]

const smuggled = paths.flatMap((path) =>
  ['GET', 'POST'].flatMap((verb) =>
    overrides.flatMap((override) => types.map((type) => ({ path, verb, override, type }))),
  ),
)

/** Where it is honoured, for what bq and Java need. */
const isHonoured = ({ path, verb, override, type }: (typeof smuggled)[number]) =>
  verb === 'POST' &&
  override === 'GET' &&
  type.startsWith(FORM) &&
  path !== QUERIES &&
  !path.endsWith('/cancel')

test('every other combination is refused, and changes nothing', async () => {
  const others = smuggled.filter((one) => !isHonoured(one))
  expect(others.length).toBeGreaterThan(500)
  for (const one of others) {
    const { path, verb, override, type } = one
    const headers = {
      'x-http-method-override': override,
      ...(type === '' ? {} : { 'content-type': type }),
    }
    const body = verb === 'GET' ? undefined : type.startsWith(FORM) ? 'maxResults=1' : JSON_BODY
    const response = await send(path, verb, headers, body)
    expect({ ...one, refused: response.status >= 400 }).toEqual({ ...one, refused: true })
    expect([400, 404, 403]).toContain((await errorOf(response)).code)
  }
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.bigQuery.jobs.size).toBe(1)
  expect(gateway.bigQuery.jobs.get(JOB)?.cancelled).toBe(false)
})

test.each(['X-HTTP-Method', 'X-Method-Override', 'X-Original-Method'])(
  '%s has no meaning: a POST stays a POST',
  async (name) => {
    const headers = { [name]: 'GET', 'content-type': 'application/json' }
    const response = await send(QUERIES, 'POST', headers, JSON_BODY)
    expect(await response.json()).toMatchObject({ kind: 'bigquery#queryResponse' })
    const look = await send(`${JOBS}/${JOB}`, 'GET', { [name]: 'DELETE' }, undefined)
    expect(await look.json()).toMatchObject({ kind: 'bigquery#job' })
  },
)

test('a form is read as strictly as a URL, and together with it', async () => {
  const headers = { 'x-http-method-override': 'GET', 'content-type': FORM }
  for (const [query, form] of [
    ['', 'maxResults=1&maxResults=2'],
    ['?maxResults=1', 'maxResults=2'],
    ['', 'alt=media'],
    ['', 'foo=bar'],
    ['?$alt=media', 'maxResults=1'],
    ['', '{"query":"SELECT 1"}'],
  ] as const) {
    const response = await send(`${QUERIES}/${JOB}${query}`, 'POST', headers, form)
    expect((await errorOf(response)).code).toBe(400)
  }
  expect(gateway.upstream.requests).toEqual([])
})

test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE2', 'PROPFIND'])(
  '%s is nothing that Sluice offers, whatever it is overridden with',
  async (method) => {
    for (const path of paths)
      for (const headers of [{}, { 'x-http-method-override': 'GET', 'content-type': FORM }])
        expect((await send(path, method, headers, undefined)).status).toBeGreaterThanOrEqual(403)
    expect(gateway.upstream.requests).toEqual([])
  },
)
