import { afterEach, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { JOBS, POLICY, QUERIES, SELECT, V2, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  const policy = POLICY.replace('maximumBytesBilled: 1 GiB', 'maximumRows: 2')
  gateway = await world({ policy })
})
afterEach(() => gateway.close())

const page = async (response: Response | Promise<Response>) => {
  const reply = await response
  expect(reply.status).toBe(200)
  const { rows = [], totalRows, pageToken } = JSON.parse(await reply.text())
  return { rows: rows.map((row: { f: { v: string }[] }) => row.f[0]?.v), totalRows, pageToken }
}

test('a query hands out as many rows as may leave, and says that these are all', async () => {
  const first = await page(gateway.query(SELECT))
  expect(first).toEqual({ rows: ['1', '2'], totalRows: '2', pageToken: undefined })
  expect(gateway.upstream.requests.at(-1)?.json()).toMatchObject({ maxResults: 2 })
  const [outcome] = gateway.store.ofType('outcome')
  expect(outcome?.delivery).toMatchObject({ rows: 2, morePages: false })
})

test('pages of one row end where all rows together would', async () => {
  const first = await page(gateway.query(SELECT, { with: { maxResults: 1 } }))
  expect(first).toMatchObject({ rows: ['1'], totalRows: '2' })
  const token = encodeURIComponent(first.pageToken)
  const path = `${QUERIES}/job_1?maxResults=1&pageToken=${token}`
  const second = await page(gateway.request(path, { as: 'ana' }))
  expect(second).toEqual({ rows: ['2'], totalRows: '2', pageToken: undefined })
})

test.each([
  ['results from the third row on', `${QUERIES}/job_1?startIndex=2`],
  ['results from a token of one’s own making', `${QUERIES}/job_1?pageToken=${forged(2)}`],
  ['results from far beyond', `${QUERIES}/job_1?startIndex=999999999999`],
])('%s are none', async (_, path) => {
  await gateway.query(SELECT)
  expect(await page(gateway.request(path, { as: 'ana' }))).toMatchObject({ rows: [] })
})

function forged(row: number): string {
  return Buffer.from(`sluice-rows-${row}`).toString('base64url')
}

test('the anonymous table of the result ends there too', async () => {
  await gateway.insert(SELECT, { jobReference: { jobId: 'mine' } })
  await gateway.request(`${JOBS}/mine`, { as: 'ana' })
  const data = `${V2}/projects/acme/datasets/_anon/tables/anon_mine/data`
  expect(await page(gateway.request(data, { as: 'ana' }))).toEqual({
    rows: ['1', '2'],
    totalRows: '2',
    pageToken: undefined,
  })
  expect(await page(gateway.request(`${data}?startIndex=2`, { as: 'ana' }))).toMatchObject({
    rows: [],
  })
})

test('and a table that is read without a query', async () => {
  const data = `${V2}/projects/acme/datasets/hospital/tables/patients/data`
  expect(await page(gateway.request(data, { as: 'ana' }))).toMatchObject({ rows: ['1', '2'] })
})

test('a token that is not ours is refused before BigQuery hears of it', async () => {
  await gateway.query(SELECT)
  gateway.upstream.requests.length = 0
  const reply = await gateway.request(`${QUERIES}/job_1?pageToken=BFFF`, { as: 'ana' })
  expect(await errorOf(reply)).toMatchObject({ code: 400, reason: 'invalid' })
  expect(gateway.upstream.requests).toEqual([])
})
