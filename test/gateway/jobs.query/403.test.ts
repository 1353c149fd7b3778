import { afterEach, beforeEach, expect, test } from 'vitest'

import { callIn, errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

async function denied(response: Response) {
  const error = await errorOf(response)
  expect(error).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('request')).toEqual([])
  expect(gateway.store.ofType('outcome')).toEqual([])
  expect(gateway.store.calls['jobs.claim']).toBe(0)
  return error.message
}

test.each([
  ['no rule', 'otto', SELECT, 'no rule of the policy lets you do this', 'no-matching-rule'],
  [
    'a deny rule',
    'ana',
    'SELECT * FROM acme.hospital.secret_notes',
    'a rule of the policy forbids this',
    'denied-by-rule',
  ],
  [
    'a table behind a join',
    'ana',
    `${SELECT} JOIN acme.hospital.secret_notes USING (id)`,
    'a rule of the policy forbids this',
    'denied-by-rule',
  ],
  [
    'another dataset',
    'ana',
    'SELECT * FROM acme.vault.keys',
    'no rule of the policy lets you do this',
    'no-matching-rule',
  ],
  [
    'a project without a connection',
    'ana',
    'SELECT * FROM elsewhere.hospital.patients',
    'Sluice has no connection for a project that this names',
    'no-connection',
  ],
  [
    'writing',
    'ana',
    'INSERT INTO acme.hospital.patients (id) VALUES (1)',
    'no rule of the policy lets you do this',
    'no-matching-rule',
  ],
  ['nobody’s groups', 'eve', 'SELECT 1', 'no rule of the policy', 'no-matching-rule'],
] as const)('%s: denied, with words for whom to ask', async (_why, as, sql, words, reason) => {
  const message = await denied(await gateway.query(sql, { as }))
  expect(message).toContain('Access Denied: ')
  expect(message).toContain(words)
  expect(gateway.store.ofType('refusal')).toMatchObject([
    {
      call: callIn(message),
      problem: 'denied',
      detail: reason,
      method: 'jobs.query',
      sql,
      principal: { subject: as },
      decision: { effect: 'deny', reason, policyDigest: gateway.policy.digest },
      unrecorded: 0,
    },
  ])
})

test('the refusal names the tables the caller named, and nothing of the policy', async () => {
  const message = await denied(await gateway.query('SELECT * FROM acme.hospital.secret_notes'))
  expect(message).toContain('SELECT on `acme.hospital.secret_notes`')
  expect(message).not.toMatch(/nobody-reads-secrets|analysts|glob/)
})

test('a dry run is decided on like a run', async () => {
  await denied(await gateway.query('SELECT * FROM acme.vault.keys', { with: { dryRun: true } }))
})

test('the project in the path must have a connection', async () => {
  const response = await gateway.post(
    '/bigquery/v2/projects/elsewhere/queries',
    { query: SELECT },
    { as: 'ana' },
  )
  expect(await denied(response)).toContain('Sluice has no connection')
})

guarantee('unknown-means-no', async () => {
  const message = await denied(await gateway.query('CALL acme.hospital.wipe()'))
  expect(message).toContain('Sluice cannot tell all that this statement would do')
  expect(gateway.store.ofType('refusal')).toMatchObject([
    { problem: 'not-understood', sql: 'CALL acme.hospital.wipe()' },
  ])
})

test('BigQuery’s own denial is passed on, and recorded as the end of the call', async () => {
  gateway.upstream.respond((_request, response) => {
    const message = 'Access Denied: Table acme:hospital.patients: User does not have permission'
    const errors = [{ message, domain: 'global', reason: 'accessDenied' }, { message: 'more' }]
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { code: 403, message, errors, status: 'X' } }))
  })
  const error = await errorOf(await gateway.query(SELECT))
  expect(error.message).toMatch(/^Access Denied: Table acme:hospital\.patients/)
  expect(gateway.store.ofType('outcome')).toMatchObject([
    { outcome: 'failed', delivery: { status: 403, errorReason: 'accessDenied' } },
  ])
  expect(gateway.store.ofType('refusal')).toEqual([])
  expect(gateway.store.calls['jobs.claim']).toBe(0)
})
