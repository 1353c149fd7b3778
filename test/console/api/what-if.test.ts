import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { auditApp } from '../../../shared/console/api/audit-app.ts'
import { policyRoutes } from '../../../shared/console/api/policy-routes.ts'
import {
  type WhatIfReport,
  policyTestReport,
  whatIfReport,
} from '../../../shared/console/views/policy-view.ts'
import { refusalBudget } from '../../../shared/recording/refusal-budget.ts'
import { atV1 } from '../../support/at-v1.ts'
import { HOSPITAL_POLICY, hospitalWorld } from '../../support/hospital-world.ts'
import { indexAll } from '../../support/index-all.ts'
import { memorySearchIndex } from '../../support/memory-search-index.ts'
import type { Person } from '../../support/people.ts'

const ROLES = `roles:
  auditors: auditor
  clinicians: policy-admin
  privacy-office: approver
  analysts: requester
rules:`
const POLICY = HOSPITAL_POLICY.replace('rules:', ROLES)
const SPAN = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
const CANARY = 'Canary Okonkwo'

const open = async () => {
  const world = await hospitalWorld(POLICY)
  const { ports } = world.gateway
  const index = memorySearchIndex()
  const failures: unknown[] = []
  const surface = {
    mountedAt: '/v1',
    sourceAddress: () => undefined,
    challenge: () => 'Bearer',
    refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock: Date.now }),
    onFailure: (cause: unknown) => void failures.push(cause),
  }
  const erased = new Set<string>()
  const { find } = ports.secrets
  const asking = {
    ...ports,
    secrets: {
      ...ports.secrets,
      find: async (id: string) => (erased.has(id) ? undefined : find(id)),
    },
    index,
    refreshIndex: () => indexAll(world.gateway.store.entries, index),
  }
  const app = atV1(auditApp(asking, surface, (api) => policyRoutes(api, asking, surface)))
  const send = async (path: string, as: Person | undefined, body?: object, accept?: string) =>
    app.request(`/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        ...(accept === undefined ? {} : { accept }),
        ...(as === undefined ? {} : { authorization: `Bearer ${await world.gateway.token(as)}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const whatIf = async (policy: string): Promise<WhatIfReport> => {
    const reply = await send('/what-if', 'otto', { policy, ...SPAN })
    const text = await reply.text()
    expect(reply.status, text).toBe(200)
    expect(text).not.toContain(CANARY)
    return whatIfReport.parse(JSON.parse(text))
  }
  return { ...world, erased, failures, send, whatIf }
}

let world: Awaited<ReturnType<typeof open>>
let replies: readonly number[]
beforeAll(async () => {
  world = await open()
  const { gateway } = world
  const asked = [
    gateway.query(`SELECT name, ssn FROM acme.hospital.patients WHERE name = '${CANARY}'`),
    gateway.query('SELECT COUNT(*) AS n FROM acme.hospital.patients'),
    gateway.query('SELECT ssn FROM acme.hospital.patients WHERE ssn = "1"'),
    gateway.query('SELEC 1'),
    gateway.query('SELECT ssn FROM acme.hospital.patients', { as: 'otto' }),
  ]
  replies = (await Promise.all(asked)).map(({ status }) => status)
}, 60_000)
afterAll(() => world.close())

const counts = (report: WhatIfReport) =>
  Object.fromEntries(Object.entries(report.counts).filter(([, count]) => count > 0))

describe('a policy over recorded calls', () => {
  test('that is the one in force changes nothing', async () => {
    expect(replies).toEqual([200, 200, 403, 400, 200])
    const report = await world.whatIf(POLICY)
    expect(report).toMatchObject({ calls: 5, isAll: true, changes: [] })
    expect(counts(report)).toEqual({ same: 4, 'not-compared': 1 })
    expect(report.notCompared).toEqual([
      { reason: 'it was refused before any policy decided', calls: 1 },
    ])
  })

  test('without a rule denies what only that rule let in', async () => {
    const report = await world.whatIf(POLICY.replace('"analysts" in', '"nobody" in'))
    expect(counts(report)).toEqual({ 'newly-denied': 2, same: 2, 'not-compared': 1 })
    expect(report.changes.map(({ after }) => after)).toEqual([
      'denied: no-matching-rule',
      'denied: no-matching-rule',
    ])
    expect(report.byRule[0]).toMatchObject({ rule: 'analysts-read', counts: { 'newly-denied': 2 } })
    expect(report.byPrincipal[0]).toMatchObject({ counts: { 'newly-denied': 2 } })
  })

  test('with a stricter mask masks more', async () => {
    const stricter = await world.whatIf(POLICY.replace('LAST_FOUR_CHARACTERS', 'ALWAYS_NULL'))
    expect(counts(stricter)).toEqual({ 'newly-masked': 1, same: 3, 'not-compared': 1 })
    expect(stricter.changes).toMatchObject([
      {
        change: 'newly-masked',
        before: 'permitted, with LAST_FOUR_CHARACTERS on ssn',
        after: 'permitted, with ALWAYS_NULL on ssn',
      },
    ])
  })

  test('with a mask less lets out, and what was denied for it as well', async () => {
    const report = await world.whatIf(POLICY.replace('columns: ssn', 'columns: mrn'))
    expect(counts(report)).toEqual({ 'let-out': 2, same: 2, 'not-compared': 1 })
  })

  test('with an approval holds', async () => {
    const policy = POLICY.replace(
      'effect: permit\n',
      'effect: require-approval\n    approval: office\n',
    ).replace(
      'rules:',
      `approvals:
  - id: office
    description: Somebody of the office has seen it.
    approvers: { anyOf: [{ group: privacy-office, votes: 1 }] }
    wait: 1h
rules:`,
    )
    const report = await world.whatIf(policy)
    expect(counts(report)).toMatchObject({ 'newly-held': 2 })
  })

  test('does not run anything', async () => {
    const before = world.ran.length
    await world.whatIf(POLICY)
    expect(world.ran).toHaveLength(before)
  })

  test('tells how far it is to whoever wants lines', async () => {
    const reply = await world.send(
      '/what-if',
      'carla',
      { policy: POLICY, ...SPAN },
      'application/x-ndjson',
    )
    const lines = (await reply.text()).trim().split('\n')
    expect(lines[0]).toMatch(/^\{"progress":\{"done":1,"of":\d+\}\}$/)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ report: { isAll: true } })
    // And another one may be tried then.
    expect((await world.send('/what-if', 'otto', { policy: POLICY, ...SPAN })).status).toBe(200)
  })

  test('is on the record as a read without private facts, and is refused when it is no policy', async () => {
    await world.whatIf(POLICY)
    const { entries } = await pageOf()
    expect(entries).toContainEqual(
      expect.objectContaining({ type: 'audit-read', what: 'what-if', withPrivate: false }),
    )
    const reply = await world.send('/what-if', 'otto', { policy: 'version: 2', ...SPAN })
    expect(reply.status).toBe(400)
    expect(await reply.text()).toContain('the policy is refused: 1:')
  })
})

test('is for auditors and policy-admins', async () => {
  for (const [as, status] of [
    ['otto', 200],
    ['carla', 200],
    ['ana', 403],
    [undefined, 401],
  ] as const) {
    // oxlint-disable no-await-in-loop
    expect((await world.send('/policy', as)).status, as).toBe(status)
    expect((await world.send('/policy/check', as, { policy: POLICY })).status, as).toBe(status)
    const reads = async () =>
      (await pageOf()).entries.filter(({ type }) => type === 'audit-read').length
    const before = await reads()
    expect((await world.send('/what-if', as, { policy: POLICY, ...SPAN })).status, as).toBe(status)
    // Who is refused has read nothing.
    expect((await reads()) - before, as).toBe(status === 200 ? 1 : 0)
    // oxlint-enable no-await-in-loop
  }
})

test('a policy is checked with line and column', async () => {
  const reply = await world.send('/policy/check', 'carla', { policy: `${POLICY}\nbogus: 1\n` })
  expect(await reply.json()).toMatchObject({ problems: [{ column: 1 }] })
})

test('what was erased is not compared', async () => {
  const requests = (await pageOf()).entries.filter(
    (entry) => entry.type === 'request' && entry.principal.subject === 'otto',
  )
  for (const entry of requests) if (entry.type === 'request') world.erased.add(entry.private.key)
  const report = await world.whatIf(POLICY)
  expect(report.notCompared).toContainEqual({
    reason: 'what was asked is erased',
    calls: 1,
  })
})

async function pageOf() {
  const page = await world.gateway.store.entries.list({ limit: 1_000 })
  if (!page.ok) throw new Error('no page')
  return { entries: page.value.entries.map(({ entry }) => entry) }
}

const CASES = `policy: policy.yaml
project: acme
cases:
  - name: the last four are shown
    principal: { groups: [analysts] }
    sql: SELECT name, ssn FROM acme.hospital.patients
    expect: { decision: permit, masks: { ssn: LAST_FOUR_CHARACTERS } }
  - name: nobody else reads them
    principal: { groups: [guests] }
    sql: SELECT ssn FROM acme.hospital.patients
    expect: { decision: permit }
`

const tested = (cases: string, more: object = {}) =>
  world.send('/policy/test', 'otto', { cases, ...more })

describe('cases', () => {
  test('are decided by the policy in force, on tables as they are', async () => {
    const reply = await tested(CASES)
    expect(reply.status).toBe(200)
    expect(policyTestReport.parse(await reply.json())).toMatchObject({
      passed: 1,
      isAll: true,
      cases: [
        { differences: [] },
        {
          differences: [
            { what: 'decision', expected: 'permit', actual: 'deny (no-matching-rule)' },
          ],
        },
      ],
    })
  })

  test('are decided by another policy', async () => {
    const policy = POLICY.replace('LAST_FOUR_CHARACTERS', 'ALWAYS_NULL')
    const report = policyTestReport.parse(await (await tested(CASES, { policy })).json())
    expect(report.cases[0]?.differences).toEqual([
      { what: 'masks.ssn', expected: 'LAST_FOUR_CHARACTERS', actual: 'ALWAYS_NULL' },
    ])
  })

  test.each([
    ['no YAML', 'cases: [', 'line 1'],
    ['a key that is none', CASES.replace('expect:', 'expects:'), 'line 4'],
    ['another project', CASES.replace('project: acme', 'project: elsewhere'), 'no connection'],
    ['no project', CASES.replace('project: acme', 'project: "a b"'), 'not a project'],
  ])('that are %s are refused in words', async (_what, cases, words) => {
    const reply = await tested(cases)
    expect(reply.status).toBe(400)
    expect(await reply.text()).toContain(words)
  })
})
