import { afterEach, beforeEach, expect, test } from 'vitest'

import { base32 } from '../../../shared/kernel/base32.ts'
import { SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

interface Heard {
  readonly labels: Readonly<Record<string, string>>
  readonly requestId: string
  readonly [option: string]: unknown
}
const heard = (index = -1, from = gateway): Heard =>
  from.upstream.requests.at(index)?.json() as Heard

test('the whole request that BigQuery hears is rebuilt', async () => {
  await gateway.query(SELECT, { with: { preserveNulls: true, kind: 'bigquery#queryRequest' } })
  expect(heard()).toEqual({
    query: SELECT,
    useLegacySql: false,
    maximumBytesBilled: '1073741824',
    jobTimeoutMs: '600000',
    location: 'US',
    requestId: expect.stringMatching(/^sluice-[a-z2-7]{26}$/),
    labels: {
      sluice_session: expect.any(String),
      sluice_decision: 'analysts-read',
      sluice_entry: expect.any(String),
    },
  })
})

test.each([
  [undefined, '1073741824'],
  ['1000', '1000'],
  ['1073741825', '1073741824'],
  ['9223372036854775807', '1073741824'],
])('asked for `maximumBytesBilled` %s, BigQuery hears %s', async (maximumBytesBilled, sent) => {
  await gateway.query(SELECT, { with: { maximumBytesBilled } })
  expect(heard()).toMatchObject({ maximumBytesBilled: sent })
})

test.each([
  ['1000', '1000'],
  [600_001, '600000'],
  ['99999999999', '600000'],
])('asked for `jobTimeoutMs` %s, BigQuery hears %s', async (jobTimeoutMs, sent) => {
  await gateway.query(SELECT, { with: { jobTimeoutMs } })
  expect(heard()).toMatchObject({ jobTimeoutMs: sent })
})

test('labels: ours are ours, and fit into BigQuery’s alphabet; the client’s are kept', async () => {
  await gateway.query(SELECT, {
    with: { labels: { 'mcp-toolbox-tool': 'execute-sql', sluice_session: 'nightly_run' } },
  })
  const { labels } = heard()
  const [request] = gateway.store.stored()
  expect(labels).toEqual({
    'mcp-toolbox-tool': 'execute-sql',
    sluice_session: request?.entry.type === 'request' ? request.entry.session.id : '',
    sluice_decision: 'analysts-read',
    sluice_entry: base32(Buffer.from(request?.hash ?? '', 'hex')),
  })
  for (const value of Object.values(labels)) expect(value).toMatch(/^[a-z0-9_-]{1,63}$/)
  expect(request?.entry).toMatchObject({ session: { claimed: { name: 'nightly_run' } } })
})

test('a rule with a long name gives a label that BigQuery takes', async () => {
  const id = `${'r'.repeat(60)}-reads`
  const policy = gateway.policy
  const long = { ...policy, rules: policy.rules.map((rule) => ({ ...rule, id })) }
  const other = await world()
  Object.assign(other.ports, { policy: () => ({ ok: true, value: long }) })
  await other.query(SELECT)
  const { labels } = heard(0, other)
  expect(labels['sluice_decision']).toBe(id.slice(0, 63))
  await other.close()
})

test('a retry is the same request: one entry, one BigQuery request id, one set of labels', async () => {
  const again = { with: { requestId: 'a1b2c3' } }
  const first = await gateway.query(SELECT, again)
  gateway.time.offset += 5_000
  const second = await gateway.query(SELECT, again)
  expect(await second.json()).toEqual(await first.json())
  expect(gateway.upstream.requests).toHaveLength(2)
  expect(heard(1)).toEqual(heard(0))
  expect(gateway.bigQuery.jobs.size).toBe(1)
  const [request, ...others] = gateway.store.ofType('request')
  expect(others).toEqual([])
  expect(gateway.store.ofType('outcome')).toMatchObject([{ call: request?.call }])
  expect(gateway.store.ofType('page')).toMatchObject([
    { call: request?.call, method: 'jobs.query', delivery: { rows: 3 } },
  ])
})

test('a retry from another session is still bound to the first entry', async () => {
  await gateway.query(SELECT, { with: { requestId: 'r' } })
  await gateway.query(SELECT, { with: { requestId: 'r' }, headers: { 'sluice-session': 'b' } })
  expect(heard(1)).toEqual(heard(0))
  expect(gateway.store.ofType('request')).toHaveLength(1)
})

test('without a request id, every request is a call of its own', async () => {
  await gateway.query(SELECT)
  await gateway.query(SELECT)
  expect(heard(1).requestId).not.toBe(heard(0).requestId)
  expect(gateway.store.ofType('request')).toHaveLength(2)
})

test('the request id of one person is nothing to another', async () => {
  await gateway.query(SELECT, { with: { requestId: 'same' } })
  await gateway.query(SELECT, { with: { requestId: 'same' }, as: 'bob' })
  expect(heard(1).requestId).not.toBe(heard(0).requestId)
  expect(gateway.store.ofType('request').map(({ principal }) => principal.subject)).toEqual([
    'ana',
    'bob',
  ])
  expect(gateway.store.ofType('page')).toEqual([])
})
