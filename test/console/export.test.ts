import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { describe, expect, test } from 'vitest'

import { httpListener } from '../../functions/http-listener.ts'
import { principalKey } from '../../shared/identity/principal.ts'
import { callIn, errorOf } from '../support/error-of.ts'
import { exportApiWorld } from '../support/export-api-world.ts'
import { linesOf, verdictOn } from '../support/export-world.ts'
import { guarantee } from '../support/guarantee.ts'
import { ISSUER } from '../support/people.ts'

const SOUND = { integrity: 'sound', completeness: 'complete', problems: [] }

async function story(...of: Parameters<typeof exportApiWorld>) {
  const world = exportApiWorld(...of)
  const sessions = { ana: await world.sessionOf('ana'), bob: await world.sessionOf('bob') }
  await world.call(sessions.ana)
  await world.call(sessions.bob)
  await world.seal()
  return { ...world, sessions }
}

async function bundleOf(response: Response): Promise<Buffer> {
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  expect(response.headers.get('cache-control')).toBe('no-store')
  return Buffer.from(await response.arrayBuffer())
}

test('an auditor exports everything, and the export is on the record that is exported', async () => {
  const world = await story()
  const bundle = await bundleOf(await world.get('?all=true', 'otto'))
  expect(await verdictOn(bundle)).toMatchObject(SOUND)
  const lines = linesOf(bundle)
  expect(lines.filter(({ t }) => t === 'private')).toEqual([])
  const last = lines.findLast((line) => line.t === 'unsealed')
  expect(JSON.parse(last?.entry ?? '')).toMatchObject({
    type: 'exported',
    what: 'export',
    filter: { all: 'true', format: 'bundle' },
    principal: { issuer: ISSUER, subject: 'otto' },
    withPrivate: false,
  })
  expect(await world.recorded()).toHaveLength(1)
})

test('a private-reader gets private facts, and the record says so', async () => {
  const world = await story()
  const query = `?session=${world.sessions.ana.id}&private=true`
  const bundle = await bundleOf(await world.get(query, 'petra'))
  expect(await verdictOn(bundle)).toMatchObject({ problems: [], covered: { privateFacts: 2 } })
  expect(await world.recorded()).toEqual([
    { session: world.sessions.ana.id, format: 'bundle', private: true },
  ])
})

test.each(['session', 'principal'] as const)('a requester exports their own %s', async (by) => {
  const world = await story()
  const { ana } = world.sessions
  const value = by === 'session' ? ana.id : principalKey(ana.principal)
  const bundle = await bundleOf(await world.get(`?${by}=${encodeURIComponent(value)}`, 'ana'))
  expect(await verdictOn(bundle)).toMatchObject({ integrity: 'sound', problems: [] })
  expect(bundle.toString()).not.toContain(world.sessions.bob.id)
  expect(await world.recorded()).toEqual([{ [by]: value, format: 'bundle', private: false }])
})

test('times, and a proof that the log grew', async () => {
  const world = await story()
  const previous = world.objects.stored.get('checkpoint') ?? Buffer.of()
  const size = previous.toString().split('\n')[1]
  await world.call(world.sessions.ana)
  await world.seal()
  const to = new Date(Date.now() + 60_000).toISOString()
  const query = `?from=2020-01-01T00:00:00Z&to=${to}&previous=${size}`
  const bundle = await bundleOf(await world.get(query, 'otto'))
  expect(linesOf(bundle)[0]).toMatchObject({
    scope: { from: Date.UTC(2020, 0, 1), to: Date.parse(to) },
  })
  expect(linesOf(bundle)[2]).toMatchObject({ t: 'consistency', from: Number(size) })
  expect(await verdictOn(bundle, previous)).toMatchObject(SOUND)
})

test('OCSF events instead', async () => {
  const world = await story()
  const text = (await bundleOf(await world.get('?all=true&format=ocsf', 'otto'))).toString()
  const events = text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(events).toMatchObject([{ class_uid: 6005 }, { class_uid: 6005 }])
  expect(text).not.toContain('id = 7')
})

describe('refused', () => {
  const ana = `principal=${encodeURIComponent(`${ISSUER} ana`)}`
  const bob = `principal=${encodeURIComponent(`${ISSUER} bob`)}`
  guarantee('export-for-auditors', async () => {
    const agent = { act: { sub: 'agent-7' } }
    const cases = [
      { query: 'all=true', as: 'ana', problem: 'no-exporter' },
      { query: 'from=2020-01-01T00:00:00Z', as: 'ana', problem: 'no-exporter' },
      { query: bob, as: 'ana', problem: 'no-exporter' },
      { query: 'session=BOB', as: 'ana', problem: 'no-exporter' },
      { query: `session=${'a'.repeat(26)}`, as: 'ana', problem: 'no-exporter' },
      { query: `session=BOB&${bob}`, as: 'ana', problem: 'no-exporter' },
      { query: ana, as: 'ana', claims: agent, problem: 'no-exporter' },
      { query: `${ana}&private=true`, as: 'ana', problem: 'no-private-reader' },
      { query: 'all=true&private=true', as: 'otto', problem: 'no-private-reader' },
      { query: 'all=true&format=ocsf&private=true', as: 'otto', problem: 'no-private-reader' },
      { query: 'all=true', as: 'otto', claims: agent, problem: 'no-exporter' },
      // Who only reads private facts, reads none.
      { query: 'all=true&private=true', as: 'carla', problem: 'no-exporter' },
      { query: 'all=true', as: 'eve', problem: 'no-exporter' },
    ] as const
    for (const { query, as, problem, ...rest } of cases) {
      const world = await story()
      const url = `?${query.replace('BOB', world.sessions.bob.id)}`
      const claims = 'claims' in rest ? rest.claims : undefined
      const response = await world.get(url, as, claims)
      expect(response.status, `${as} ${query}`).toBe(403)
      const { reason, message } = await errorOf(response)
      expect(reason).toBe('accessDenied')
      expect(await world.recorded()).toEqual([problem])
      const refusal = (await world.entries()).find(({ type }) => type === 'refusal')
      expect(refusal).toMatchObject({ call: callIn(message), principal: { subject: as } })
    }
  })

  test.each(['', 'all=true'])('%s without a token: 401, whatever is asked for', async (query) => {
    const world = await story()
    const response = await world.get(`?${query}&nonsense=1`)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(await errorOf(response)).toMatchObject({ code: 401 })
    expect(await world.recorded()).toEqual(['token-missing'])
  })

  test.each([
    ['', 'say what'],
    ['all=false', 'say what'],
    ['all=true&session=aaaaaaaaaaaaaaaaaaaaaaaaaa', 'say what'],
    ['all=yes', 'all'],
    ['all=true&all=true', 'more than once'],
    ['all=true&nonsense=1', 'nonsense'],
    ['session=../x', 'session'],
    ['principal=ana', 'principal'],
    ['from=yesterday', 'from'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'before'],
    ['all=true&format=pdf', 'format'],
    ['all=true&private=1', 'private'],
    ['all=true&previous=-1', 'previous'],
    ['all=true&previous=1e9', 'previous'],
    ['all=true&format=ocsf&previous=1', 'previous'],
    ['call=aaaaaaaaaaaaaaaaaaaaaaaaaa', 'call'],
  ])('%s: 400, and nothing leaves', async (query, words) => {
    const world = await story()
    const { code, message } = await errorOf(await world.get(`?${query}`, 'otto'))
    expect({ code, message }).toMatchObject({ code: 400, message: expect.stringContaining(words) })
    expect(await world.recorded()).toEqual(['malformed'])
  })

  test('a session that nobody had: 404, to an auditor', async () => {
    const world = await story()
    const response = await world.get(`?session=${'a'.repeat(26)}`, 'otto')
    expect(await errorOf(response)).toMatchObject({ code: 404, reason: 'notFound' })
    expect(await world.recorded()).toEqual(['no-session'])
  })

  test('before anything is sealed, and without a policy: 503', async () => {
    const world = exportApiWorld()
    expect(await errorOf(await world.get('?all=true', 'otto'))).toMatchObject({ code: 503 })
    expect(await world.recorded()).toEqual(['nothing-sealed'])
    world.knobs.isReady = false
    expect(await errorOf(await world.get('?all=true', 'otto'))).toMatchObject({ code: 503 })
  })

  test('only GET, and no other path', async () => {
    const world = await story()
    const authorization = `Bearer ${await world.token('otto')}`
    for (const [path, method] of [
      ['/v1/export?all=true', 'POST'],
      ['/v1/export/all?all=true', 'GET'],
    ] as const) {
      const response = await world.app.request(path, { method, headers: { authorization } })
      expect(await errorOf(response)).toMatchObject({ code: 404, reason: 'notFound' })
    }
    expect(await world.recorded()).toEqual(['no-such-method', 'no-such-method'])
  })
})

guarantee('export-recorded-first', async () => {
  const state = { isDown: false }
  const world = await story((usual) => ({
    ...usual,
    sleep: async () => {},
    entries: {
      ...usual.entries,
      create: (stored) =>
        state.isDown && stored.entry.type === 'exported'
          ? Promise.reject(new Error('the store is down'))
          : usual.entries.create(stored),
    },
  }))
  state.isDown = true
  const response = await world.get('?all=true', 'otto')
  const { code } = await errorOf(response)
  expect(code).toBe(503)
  expect((await world.recorded()).at(-1)).toBe('record-unavailable')
})

/** A world whose store fails once it was read so often. */
function failing(after: number) {
  let reads = 0
  return story((usual) => ({
    ...usual,
    entries: {
      ...usual.entries,
      committed: (...of) =>
        (reads += 1) > after
          ? Promise.reject(new Error('the store is gone'))
          : usual.entries.committed(...of),
    },
  }))
}

test('what fails before anything left is a 503', async () => {
  const world = await failing(0)
  expect(await errorOf(await world.get('?all=true', 'otto'))).toMatchObject({ code: 503 })
  expect(world.failures).toHaveLength(1)
})

guarantee('export-never-cut-short', async () => {
  const world = await failing(1)
  // More than one piece.
  for (let n = 0; n < 60; n++) await world.call(world.sessions.ana)
  await world.seal()
  const server = createServer(httpListener(world.app.fetch)).listen(0, '127.0.0.1')
  try {
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/v1/export?all=true`
    const headers = { authorization: `Bearer ${await world.token('otto')}` }
    const response = await fetch(url, { headers })
    expect(response.status).toBe(200)
    const parts: Uint8Array[] = []
    const read = async () => {
      for await (const part of response.body ?? []) parts.push(part)
    }
    await expect(read()).rejects.toThrow('terminated')
    expect(Buffer.concat(parts).length).toBeGreaterThan(0)
    expect(Buffer.concat(parts).toString()).not.toContain('"t":"end"')
    expect(world.failures).toHaveLength(1)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
