import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { auditApiWorld } from '../../support/audit-api-world.ts'
import { errorOf } from '../../support/error-of.ts'
import type { Person } from '../../support/people.ts'

const document = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))),
})

/** Otto audits, petra reads private facts too, ana asks, carla approves and has policy, etl manages records. */
type Row = Readonly<Record<Who, number>>
type Who = 'otto' | 'petra' | 'ana' | 'carla' | 'etl' | 'eve'

const people: readonly Who[] = ['otto', 'petra', 'ana', 'carla', 'etl', 'eve']
const all = (status: number): Row => ({
  otto: status,
  petra: status,
  ana: status,
  carla: status,
  etl: status,
  eve: status,
})
const readers: Row = { ...all(403), otto: 200, petra: 200, ana: 200 }
const auditors: Row = { ...readers, ana: 403 }

const body = (json: object): RequestInit => ({ method: 'POST', body: JSON.stringify(json) })

const LAST_YEAR = { from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }

/** They tell nobody what is not published, or theirs. */
const FOR_EVERYBODY = ['GET /v1/me', 'GET /v1/log']

/** Every route but those of the approval desk, which has a matrix of its own: how to ask, and who is told what. */
const MATRIX: Readonly<Record<string, { ask: readonly [string, RequestInit?]; status: Row }>> = {
  'GET /v1/me': { ask: ['/v1/me'], status: all(200) },
  'GET /v1/calls': { ask: ['/v1/calls'], status: readers },
  'GET /v1/calls/{call}': { ask: ['/v1/calls/CALL'], status: readers },
  'GET /v1/sessions': { ask: ['/v1/sessions'], status: readers },
  'GET /v1/sessions/{session}': { ask: ['/v1/sessions/SESSION'], status: readers },
  'GET /v1/events': { ask: ['/v1/events'], status: readers },
  'GET /v1/export': { ask: ['/v1/export?session=SESSION'], status: readers },
  'GET /v1/holds': { ask: ['/v1/holds'], status: { ...auditors, etl: 200 } },
  'POST /v1/holds': {
    ask: ['/v1/holds', body({ session: 'b'.repeat(26), reason: 'a case' })],
    status: auditors,
  },
  'POST /v1/holds/{id}/release': {
    ask: ['/v1/holds/none/release', body({ reason: 'over' })],
    status: { ...auditors, otto: 404, petra: 404 },
  },
  'POST /v1/erasures': {
    ask: ['/v1/erasures', body({ session: 'a'.repeat(26), reason: 'asked for' })],
    status: { ...all(403), etl: 404 },
  },
  'GET /v1/overview': { ask: ['/v1/overview'], status: readers },
  'GET /v1/tables': { ask: ['/v1/tables'], status: auditors },
  'GET /v1/tables/{table}': { ask: ['/v1/tables/acme.hospital.patients'], status: auditors },
  'GET /v1/log': { ask: ['/v1/log'], status: all(200) },
  'POST /v1/log/verify': { ask: ['/v1/log/verify', body(LAST_YEAR)], status: auditors },
  'GET /v1/searches': { ask: ['/v1/searches'], status: readers },
  'POST /v1/searches': {
    ask: ['/v1/searches', body({ name: 'a', query: 'table=patients' })],
    status: readers,
  },
  'DELETE /v1/searches/{id}': {
    ask: [`/v1/searches/${'a'.repeat(26)}`, { method: 'DELETE' }],
    status: { ...all(403), otto: 404, petra: 404, ana: 404 },
  },
  'GET /v1/policy': { ask: ['/v1/policy'], status: { ...auditors, carla: 200 } },
  'POST /v1/policy/check': {
    ask: ['/v1/policy/check', body({ policy: 'version: 1' })],
    status: { ...auditors, carla: 200 },
  },
  'POST /v1/policy/test': {
    ask: ['/v1/policy/test', body({ cases: 'cases: []' })],
    // They are none.
    status: { ...auditors, otto: 400, petra: 400, carla: 400 },
  },
  'POST /v1/what-if': {
    ask: ['/v1/what-if', body({ ...LAST_YEAR, policy: 'version: 1' })],
    // It is no policy.
    status: { ...auditors, otto: 400, petra: 400, carla: 400 },
  },
  'GET /v1/reviews': { ask: ['/v1/reviews'], status: auditors },
  'POST /v1/reviews': {
    ask: ['/v1/reviews', body({ ...LAST_YEAR, verdict: 'nothing-found' })],
    status: auditors,
  },
  'GET /v1/report': {
    ask: [`/v1/report?from=${LAST_YEAR.from}&to=${LAST_YEAR.to}`],
    status: auditors,
  },
  'POST /v1/replays': {
    ask: ['/v1/replays', body({ session: 'a'.repeat(26) })],
    // This policy has no sandbox.
    status: { ...auditors, otto: 409, petra: 409 },
  },
  'GET /v1/replays/{id}': {
    ask: [`/v1/replays/${'a'.repeat(26)}`],
    status: { ...auditors, otto: 404, petra: 404 },
  },
  'POST /v1/reconciliations': {
    ask: ['/v1/reconciliations', body({})],
    // There is no BigQuery here to compare with.
    status: { ...auditors, otto: 503, petra: 503 },
  },
}

const world = await auditApiWorld()
afterAll(() => world.store.close())
const session = await world.sessionOf('ana')
const call = await world.ask(session)
await world.seal()

const described = document.parse(await (await world.send('/v1/openapi.json', {})).json())
const operations = Object.entries(described.paths)
  .flatMap(([path, methods]) => Object.keys(methods).map((m) => `${m.toUpperCase()} ${path}`))
  .filter((operation) => !operation.includes('/v1/approvals'))

test('the matrix has a row for every route that is described', () => {
  expect(operations.toSorted()).toEqual(Object.keys(MATRIX).toSorted())
})

function ask(row: string, who: { as?: Person; claims?: Readonly<Record<string, unknown>> }) {
  const [path, init] = MATRIX[row]?.ask ?? ['/']
  return world.send(path.replace('SESSION', session.id).replace('CALL', call), who, init)
}

describe.each(Object.keys(MATRIX))('%s', (row) => {
  test.each(people)('%s', async (as) => {
    const before = (await world.entries()).length
    const response = await ask(row, { as })
    expect(response.status).toBe(MATRIX[row]?.status[as])
    const added = (await world.entries()).slice(before)
    if (response.status !== 403) return
    const { reason } = await errorOf(response)
    expect(reason).toBe('accessDenied')
    const kinds = added.filter(({ type }) => type !== 'session-opened')
    expect(kinds).toMatchObject([{ type: 'refusal', principal: { subject: as } }])
  })

  test('without a token: 401, and nothing else happens', async () => {
    const before = (await world.entries()).length
    const response = await ask(row, {})
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(await response.clone().text()).not.toContain('hospital')
    expect(await errorOf(response)).toMatchObject({ code: 401 })
    // Nothing was read or changed: at most it says that somebody unknown was refused.
    const added = (await world.entries()).slice(before)
    expect(added.filter(({ type }) => type !== 'refusal')).toEqual([])
  })

  test.runIf(!FOR_EVERYBODY.includes(row)).each(people)(
    'an agent of %s has none of their roles',
    async (as) => {
      const response = await ask(row, { as, claims: { act: { sub: 'agent-7' } } })
      expect(await errorOf(response)).toMatchObject({ code: 403 })
    },
  )
})

test('a path that is none is a 404 like any other, on the record', async () => {
  for (const path of ['/v1', '/v1/', '/v1/nothing', '/v1/calls/a/b', '/v1/openapi.yaml'])
    expect(await errorOf(await world.get(path, 'otto'))).toMatchObject({
      code: 404,
      reason: 'notFound',
    })
  expect((await world.recorded()).at(-1)).toBe('no-such-method')
})
