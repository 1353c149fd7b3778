import { afterEach, beforeEach, expect, test } from 'vitest'

import { JOB, startJob } from '../../support/method-calls.ts'
import { JOBS, V2, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

const DATA = `${V2}/projects/acme/datasets/hospital/tables/patients/data`

test('rows, and what is asked for in BigQuery’s own names', async () => {
  const query =
    'maxResults=2&startIndex=1&selectedFields=id,name&formatOptions.useInt64Timestamp=true'
  const response = await gateway.request(`${DATA}?${query}&pageToken=`, { as: 'ana' })
  expect(await response.json()).toEqual({
    kind: 'bigquery#tableDataList',
    etag: 'e5',
    totalRows: '3',
    rows: [{ f: [{ v: '1' }, { v: 'Ana' }] }, { f: [{ v: '2' }, { v: 'Ben' }] }],
  })
  expect(Object.fromEntries(gateway.upstream.requests[0]?.query ?? [])).toEqual({
    maxResults: '2',
    startIndex: '1',
    selectedFields: 'id,name',
    'formatOptions.useInt64Timestamp': 'true',
    prettyPrint: 'false',
  })
})

test('it is decided on and recorded like a SELECT', async () => {
  await gateway.request(DATA, { as: 'ana' })
  expect(gateway.store.ofType('request')).toMatchObject([
    {
      method: 'tabledata.list',
      statementType: 'SELECT',
      tables: ['acme.hospital.patients'],
      decision: { rules: ['analysts-read'] },
    },
  ])
  expect(gateway.store.ofType('outcome')).toMatchObject([
    { outcome: 'released', delivery: { rows: 3, totalRows: '3', morePages: false } },
  ])
})

test('the anonymous table of one’s own result, under the entry of its job', async () => {
  await startJob(gateway)
  const table = `${V2}/projects/acme/datasets/_anon/tables/anon_${JOB}`
  // Nobody has heard its name yet.
  expect((await gateway.request(`${table}/data`, { as: 'ana' })).status).toBe(404)
  await gateway.request(`${JOBS}/${JOB}`, { as: 'ana' })
  for (const path of [table, `${table}/data?maxResults=1`])
    expect((await gateway.request(path, { as: 'ana' })).status).toBe(200)
  const [request] = gateway.store.ofType('request')
  expect(gateway.store.ofType('request')).toHaveLength(1)
  expect(gateway.store.ofType('page')).toMatchObject([
    { call: request?.call, method: 'tables.get', delivery: { rows: 0 } },
    { call: request?.call, method: 'tabledata.list', delivery: { rows: 1, job: { jobId: JOB } } },
  ])
})
