import { afterEach, beforeEach, expect, test } from 'vitest'

import type { Person } from '../support/people.ts'
import { type ReconciliationWorld, reconciliationWorld } from '../support/reconciliation-world.ts'

const HOUR = 60 * 60_000

let world: ReconciliationWorld
beforeEach(async () => {
  world = await reconciliationWorld()
})
afterEach(() => world.close())

async function post(
  body: string | undefined,
  who: { readonly as?: Person; readonly claims?: Readonly<Record<string, unknown>> } = {
    as: 'otto',
  },
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Promise<Response> {
  const token = who.as && (await world.token(who.as, who.claims))
  return world.app.request('/v1/reconciliations', {
    method: 'POST',
    headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body }),
  })
}

const refusals = () => world.store.ofType('refusal').map(({ problem }) => problem)

test('an auditor is told what does not fit, once it is on the record that they ask', async () => {
  const at = Date.now() - 2 * HOUR
  world.bypass(at)
  const span = { from: new Date(at - HOUR).toISOString(), to: new Date(at + HOUR).toISOString() }
  const reply = await post(JSON.stringify(span))
  expect(reply.status).toBe(200)
  expect(reply.headers.get('cache-control')).toBe('no-store')
  const [alert] = world.store.ofType('alert')
  expect(await reply.json()).toEqual({
    ...span,
    until: span.to,
    jobs: 1,
    calls: 0,
    ownQuestions: 1,
    others: 0,
    alerts: [
      {
        id: alert?.id,
        alert: 'job-without-entry',
        detail: 'it has no label of Sluice',
        job: { projectId: 'acme', jobId: 'job_past_sluice', location: 'EU' },
        account: 'sluice@acme.example',
        at: new Date(alert?.at ?? 0).toISOString(),
        isNew: true,
      },
    ],
  })
  const kinds = world.store.stored().map(({ entry }) => entry.type)
  expect(kinds.indexOf('audit-read')).toBeLessThan(kinds.indexOf('alert'))
  expect(world.store.ofType('audit-read')).toMatchObject([
    {
      principal: { subject: 'otto' },
      what: 'reconciliations.create',
      filter: span,
      withPrivate: false,
    },
  ])
})

test('without a body it goes on from the last time', async () => {
  expect((await post(undefined)).status).toBe(200)
  expect(world.asked).toEqual([{}])
})

test.each<[number, string, Parameters<typeof post>]>([
  [401, 'token-missing', ['{}', {}]],
  [403, 'no-auditor', ['{}', { as: 'ana' }]],
  [403, 'no-auditor', ['{}', { as: 'otto', claims: { act: { sub: 'agent' } } }]],
  [400, 'malformed', ['{"since": "2026-11-21T00:00:00Z"}']],
  [400, 'malformed', ['{"from": "yesterday"}']],
  [400, 'malformed', ['{"from": "2026-11-21T01:00:00Z", "to": "2026-11-21T00:00:00Z"}']],
  [400, 'malformed', ['{"from": "2026-11-21T01:00:00Z", "from": "2026-11-20T01:00:00Z"}']],
  [400, 'malformed', ['{}', { as: 'otto' }, { 'content-type': 'text/plain' }]],
  [413, 'body-too-large', [' '.repeat(5_000)]],
])('%i: %s is refused and on the record, and nothing is asked', async (status, problem, asked) => {
  const reply = await post(...asked)
  expect(reply.status).toBe(status)
  expect(reply.headers.has('www-authenticate')).toBe(status === 401)
  expect(refusals()).toEqual([problem])
  expect(world.asked).toEqual([])
  expect(world.store.ofType('audit-read')).toEqual([])
})

test('when it cannot be recorded that somebody asks nothing is asked', async () => {
  world.store.failNext('before', { type: 'audit-read', times: Infinity })
  expect((await post('{}')).status).toBe(503)
  expect(world.asked).toEqual([])
})

test('when BigQuery does not answer the log says why, and the caller that it does', async () => {
  world.history.isDown = true
  const now = Date.now()
  const reply = await post(JSON.stringify({ from: new Date(now - HOUR).toISOString() }))
  expect(reply.status).toBe(503)
  expect(await reply.text()).not.toContain('bigquery is down')
  expect(world.failures).toMatchObject([{ message: 'bigquery is down' }])
  expect(refusals()).toEqual(['failed'])
})
