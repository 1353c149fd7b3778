import { afterAll, beforeAll, expect, test } from 'vitest'

import { callIn, errorOf } from '../../support/error-of.ts'
import { QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeAll(async () => {
  gateway = await world()
})
afterAll(() => gateway.close())

/** The refusal of a request that reached nobody, with what the record says of it. */
async function refused(response: Response) {
  const error = await errorOf(response)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('request')).toEqual([])
  expect(gateway.store.ofType('outcome')).toEqual([])
  expect(gateway.store.calls['jobs.claim']).toBe(0)
  const recorded = gateway.store.ofType('refusal').at(-1)
  expect(recorded).toMatchObject({ principal: { subject: 'ana' }, method: 'jobs.query' })
  expect(callIn(error.message)).toBe(recorded?.call)
  return { ...error, recorded }
}

test.each([
  ['an unknown field', { foo: 1 }, 'unknown or unsupported field `foo`'],
  [
    'an unknown field inside',
    { formatOptions: { useInt64Timestamp: true, foo: 1 } },
    'unknown or unsupported field `formatOptions.foo`',
  ],
  [
    'an unknown field of a parameter',
    { queryParameters: [{ parameterType: { type: 'INT64', foo: 1 } }] },
    'unknown or unsupported field `queryParameters.0.parameterType.foo`',
  ],
  ['options Sluice does not know yet', { reservation: 'p' }, 'field `reservation`'],
  ['more slots', { maxSlots: 9 }, 'field `maxSlots`'],
  ['legacy SQL', { useLegacySql: true }, '`useLegacySql`: Sluice does not offer legacy SQL'],
  ['legacy SQL as text', { useLegacySql: 'true' }, '`useLegacySql`'],
  ['a BigQuery session', { createSession: true }, '`createSession`'],
  [
    'somebody’s BigQuery session',
    { connectionProperties: [{ key: 'session_id', value: 's' }] },
    '`connectionProperties.0`: Sluice does not offer connection properties',
  ],
  ['a continuous query', { continuous: true }, '`continuous`'],
  ['no query', { query: undefined }, '`query`'],
  ['an empty query', { query: '' }, '`query`: must not be empty'],
  ['a query that is no text', { query: ['SELECT 1'] }, '`query`'],
  ['a negative page', { maxResults: -1 }, '`maxResults`: must not be negative'],
  ['half a row', { maxResults: 1.5 }, '`maxResults`'],
  ['bytes in words', { maximumBytesBilled: '1e9' }, '`maximumBytesBilled`'],
  ['negative bytes', { maximumBytesBilled: '-1' }, '`maximumBytesBilled`'],
  ['a long request id', { requestId: 'x'.repeat(37) }, '`requestId`'],
  ['a dataset that is none', { defaultDataset: { datasetId: 'a.b' } }, '`defaultDataset`'],
  ['a label of Sluice’s', { labels: { sluice_entry: 'x' } }, 'labels that start with `sluice_`'],
  [
    'another label of Sluice’s',
    { labels: { sluice_new: 'x' } },
    'labels that start with `sluice_`',
  ],
  ['a label in capitals', { labels: { Team: 'x' } }, '`labels.Team`: is not a label key'],
  ['a label value with a space', { labels: { team: 'a b' } }, 'is not a label value'],
  [
    'too many labels',
    { labels: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`l${i}`, ''])) },
    '`labels`: at most 32 labels',
  ],
])('%s is refused with its path', async (_what, change, words) => {
  const { code, reason, message, recorded } = await refused(
    await gateway.query(SELECT, { with: change }),
  )
  expect({ code, reason }).toEqual({ code: 400, reason: 'invalid' })
  expect(message).toContain(words)
  expect(recorded).toMatchObject({ problem: 'malformed' })
  expect(recorded?.detail).toContain(words)
})

test.each([
  ['no body', undefined],
  ['an array', '[]'],
  ['a number', '7'],
  ['a text', '"SELECT 1"'],
  ['null', 'null'],
])('%s is refused', async (_what, body) => {
  const init = {
    as: 'ana',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  } as const
  const response = await gateway.request(QUERIES, body === undefined ? init : { ...init, body })
  expect(await refused(response)).toMatchObject({ code: 400, reason: 'invalid' })
})

test('bad SQL is BigQuery’s own kind of error', async () => {
  const { code, reason, message, recorded } = await refused(await gateway.query('BROKEN sql'))
  expect({ code, reason }).toEqual({ code: 400, reason: 'invalidQuery' })
  expect(message).toContain('Syntax error: Unexpected identifier at [1:1]')
  expect(recorded).toMatchObject({ problem: 'syntax-error', sql: 'BROKEN sql' })
})

test('a project that is none is not found', async () => {
  const response = await gateway.post('/bigquery/v2/projects/Not%20One/queries', {}, { as: 'ana' })
  expect(await refused(response)).toMatchObject({ code: 404, reason: 'notFound' })
})

test('one request id for two requests: the second is refused, the first stands', async () => {
  const other = await world()
  await other.query(SELECT, { with: { requestId: 'r-1' } })
  const response = await other.query(`${SELECT} LIMIT 1`, { with: { requestId: 'r-1' } })
  const { code, reason, message } = await errorOf(response)
  expect({ code, reason }).toEqual({ code: 400, reason: 'invalid' })
  expect(message).toContain('this requestId was used for another request')
  expect(other.upstream.requests).toHaveLength(1)
  expect(other.store.ofType('request')).toMatchObject([{ sql: SELECT }])
  expect(other.store.ofType('refusal')).toMatchObject([
    { problem: 'request-id-reused', sql: `${SELECT} LIMIT 1` },
  ])
  await other.close()
})
