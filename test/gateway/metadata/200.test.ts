import { afterEach, beforeEach, expect, test } from 'vitest'

import { V2, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

const D = '/projects/acme/datasets'

test.each([
  [
    `${D}?maxResults=5&pageToken=next&all=true&filter=labels.team`,
    { maxResults: '5', pageToken: 'next', all: 'true', filter: 'labels.team' },
  ],
  [`${D}/hospital/tables?maxResults=5&pageToken=next`, { maxResults: '5', pageToken: 'next' }],
  [
    `${D}/hospital/tables/patients?selectedFields=id,name&view=BASIC`,
    { selectedFields: 'id,name', view: 'BASIC' },
  ],
  [
    `${D}/hospital/routines?maxResults=5&pageToken=next&filter=routineType:SCALAR_FUNCTION&readMask=language`,
    {
      maxResults: '5',
      pageToken: 'next',
      filter: 'routineType:SCALAR_FUNCTION',
      readMask: 'language',
    },
  ],
  [`${D}/hospital/routines/age?readMask=language`, { readMask: 'language' }],
  // These say who may see what, which Sluice does not show.
  [`${D}/hospital?accessPolicyVersion=3&datasetView=FULL`, {}],
  ['/projects/acme/serviceAccount', {}],
])('%s: what is asked reaches BigQuery in its own names', async (path, query) => {
  expect((await gateway.request(`${V2}${path}`, { as: 'ana' })).status).toBe(200)
  const asked = gateway.upstream.requests.findLast(
    (request) => request.path === `${V2}${path.split('?')[0]}`,
  )
  expect(Object.fromEntries(asked?.query ?? [])).toEqual({ ...query, prettyPrint: 'false' })
  expect(asked?.method).toBe('GET')
})

test('routines, without what Sluice does not know of them', async () => {
  const routine = {
    routineReference: { projectId: 'acme', datasetId: 'hospital', routineId: 'age' },
    routineType: 'SCALAR_FUNCTION',
    language: 'SQL',
  }
  const list = await gateway.request(`${V2}${D}/hospital/routines`, { as: 'ana' })
  expect(await list.json()).toEqual({ routines: [routine] })
  const one = await gateway.request(`${V2}${D}/hospital/routines/age`, { as: 'ana' })
  expect(await one.json()).toEqual(routine)
})

test('the service agent of a project', async () => {
  const response = await gateway.request(`${V2}/projects/acme/serviceAccount`, { as: 'ana' })
  expect(await response.json()).toEqual({
    kind: 'bigquery#getServiceAccountResponse',
    email: 'bq-471@bigquery-encryption.iam.gserviceaccount.com',
  })
})

test('every look is a call on the record: why it was let, and what exactly left', async () => {
  await gateway.request(`${V2}${D}`, { as: 'ana' })
  await gateway.request(`${V2}${D}/hospital/tables/patients`, { as: 'ana' })
  const [list, table] = gateway.store.ofType('request')
  expect(list).toMatchObject({
    method: 'datasets.list',
    projectId: 'acme',
    decision: { rules: ['built-in:visible-metadata'] },
    tables: [],
  })
  expect(table).toMatchObject({
    method: 'tables.get',
    decision: { rules: ['analysts-read'] },
    tables: ['acme.hospital.patients'],
  })
  expect(gateway.store.ofType('outcome')).toMatchObject([
    { call: list?.call, outcome: 'released', delivery: { status: 200, rows: 0 } },
    { call: table?.call, outcome: 'released', delivery: { status: 200, rows: 0 } },
  ])
})

test('pages of lists are BigQuery’s own', async () => {
  gateway.upstream.respond((request, response) => {
    if (request.path.endsWith('/tables') && request.query.get('pageToken') === null) {
      response.writeHead(200, { 'content-type': 'application/json' })
      const tableReference = { projectId: 'acme', datasetId: 'hospital', tableId: 'claims' }
      response.end(JSON.stringify({ tables: [{ tableReference }], nextPageToken: 'n/+=' }))
      return undefined
    }
    return gateway.bigQuery.respond(request, response)
  })
  const response = await gateway.request(`${V2}${D}/hospital/tables`, { as: 'ana' })
  expect(await response.json()).toMatchObject({ nextPageToken: 'n/+=', totalItems: 1 })
  const next = `${V2}${D}/hospital/tables?pageToken=${encodeURIComponent('n/+=')}`
  await gateway.request(next, { as: 'ana' })
  expect(gateway.upstream.requests.at(-1)?.query.get('pageToken')).toBe('n/+=')
})
