import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { JOB, startJob } from '../support/method-calls.ts'
import { QUERIES, SELECT, type World, world } from '../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

const sessions = () => gateway.store.ofType('request').map(({ session }) => session)
const ids = () => sessions().map(({ id }) => id)
const named = (name: string) => ({ headers: { 'sluice-session': name } })
const labelled = (name: string) => ({ with: { labels: { sluice_session: name } } })

test('the same person through the same client in the same sign-in: one session', async () => {
  await gateway.query(SELECT)
  gateway.time.offset = 120_000
  gateway.from.address = '198.51.100.9'
  await gateway.insert(SELECT, { headers: { 'user-agent': 'something else' } })
  expect(new Set(ids()).size).toBe(1)
  // Where each request came from is kept all the same.
  expect(sessions().map(({ verified }) => verified.sourceAddress)).toEqual([
    '192.0.2.7',
    '198.51.100.9',
  ])
})

test('another sign-in, another client, another person: another session', async () => {
  await gateway.query(SELECT)
  await gateway.query(SELECT, { token: await gateway.token('ana', { sid: 'second' }) })
  await gateway.query(SELECT, { token: await gateway.token('ana', { client_id: 'mcp-toolbox' }) })
  await gateway.query(SELECT, { as: 'bob' })
  expect(new Set(ids()).size).toBe(4)
})

describe('a client names its own', () => {
  test('by header or by label, and it is the same one', async () => {
    await gateway.query(SELECT, named('nightly'))
    await gateway.query(SELECT, labelled('nightly'))
    await gateway.insert(SELECT, { configuration: { labels: { sluice_session: 'nightly' } } })
    const other = await gateway.token('ana', { sid: 'second', client_id: 'mcp-toolbox' })
    await gateway.query(SELECT, { token: other, ...named('nightly') })
    expect(new Set(ids()).size).toBe(1)
    expect(new Set(sessions().map(({ claimed }) => claimed.name))).toEqual(new Set(['nightly']))
  })

  test('the header wins over the label', async () => {
    await gateway.query(SELECT, named('header'))
    await gateway.query(SELECT, { ...named('header'), ...labelled('label') })
    expect(new Set(ids()).size).toBe(1)
  })

  test('what the job is labelled with is its id, not its name', async () => {
    await gateway.query(SELECT, labelled('nightly'))
    expect(gateway.upstream.requests[0]?.json()).toMatchObject({
      labels: { sluice_session: ids()[0] },
    })
  })
})

test('nothing is looked up for it, and nothing kept', async () => {
  const before = { ...gateway.store.calls }
  await gateway.query(SELECT)
  expect(gateway.store.calls).toEqual({
    ...before,
    create: before.create + 2,
    'jobs.claim': before['jobs.claim'] + 1,
  })
})

test('the tool is what the label or the user agent says, which is a claim', async () => {
  const headers = { 'user-agent': 'genai-toolbox/1.12.0+binary', 'x-goog-api-client': 'gl-go/1.27' }
  await gateway.query(SELECT, {
    headers,
    with: { labels: { 'mcp-toolbox-tool': 'bigquery-execute-sql' } },
  })
  expect(sessions()[0]).toMatchObject({
    verified: { sourceAddress: '192.0.2.7' },
    claimed: { userAgent: headers['user-agent'], tool: 'bigquery-execute-sql' },
  })
})

test('a page stays in the session of its job, and says who fetched it from where', async () => {
  await startJob(gateway)
  const path = `${QUERIES}/${JOB}?maxResults=1`
  await gateway.request(path, { as: 'ana', ...named('reading') })
  const [page] = gateway.store.ofType('page')
  expect(page?.session.claimed.name).toBe('reading')
  expect(page?.session.id).toBe(ids()[0])
  expect(page?.call).toBe(gateway.store.ofType('request')[0]?.call)
})
