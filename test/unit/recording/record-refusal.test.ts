import { randomBytes } from 'node:crypto'

import { expect, test } from 'vitest'

import { recordAnonymousRefusal, recordRefusal } from '../../../shared/recording/record-refusal.ts'
import { recordRequest } from '../../../shared/recording/record-request.ts'
import { refusalBudget } from '../../../shared/recording/refusal-budget.ts'
import { recordingWorld, sampleToRecord } from '../../support/recording-world.ts'
import { sampleCallId, sampleFacts, sampleSession } from '../../support/sample-entries.ts'

const source = { address: '192.0.2.7', userAgent: 'curl/8' }

const denied = {
  facts: sampleFacts,
  session: sampleSession(),
  problem: 'denied',
  detail: 'no rule permits `acme.hospital.patients`',
  decision: {
    effect: 'deny',
    rules: [],
    reason: 'no-matching-rule',
    policyDigest: 'a'.repeat(64),
  },
  source,
} as const

const anonymous = {
  facts: { ...sampleFacts, sql: undefined },
  session: undefined,
  problem: 'token-expired',
  detail: '',
  decision: undefined,
  source,
}

const from = (address: string) => ({ ...anonymous, source: { ...source, address } })

test('a refusal is the only entry of a call of its own', async () => {
  const { store, recorder } = recordingWorld()
  await recordRefusal(recorder, denied)
  await recordRefusal(recorder, denied)
  const [first, second] = store.ofType('refusal')
  expect(first).toMatchObject({
    id: `${first?.call}~refusal`,
    principal: { subject: 'ana' },
    session: { id: sampleSession().id },
    problem: 'denied',
    decision: { reason: 'no-matching-rule' },
    sql: sampleFacts.sql,
    unrecorded: 0,
  })
  expect(first?.call).toMatch(/^[a-z2-7]{26}$/)
  expect(second?.call).not.toBe(first?.call)
})

test('a client whose first try was refused may use its request id again', async () => {
  const { recorder } = recordingWorld()
  await recordRefusal(recorder, denied)
  await expect(recordRequest(recorder, sampleToRecord(sampleCallId(1)))).resolves.toMatchObject({
    ok: true,
    value: { repeated: false },
  })
})

test.each([
  { when: 'before', times: 2, ok: true, durable: 1 },
  { when: 'after', times: 2, ok: true, durable: 1 },
  { when: 'before', times: 3, ok: false, durable: 0 },
  { when: 'after', times: 3, ok: false, durable: 1 },
] as const)(
  'a store that fails $times times $when it persists',
  async ({ when, times, ok, durable }) => {
    const { store, recorder } = recordingWorld()
    store.failNext(when, { times })
    await expect(recordRefusal(recorder, denied)).resolves.toMatchObject({ ok })
    expect(store.stored()).toHaveLength(durable)
  },
)

test('what is refused for its size is recorded without it, by its digest', async () => {
  const { store, recorder } = recordingWorld()
  const sql = randomBytes(1_500_000).toString('base64')
  await expect(
    recordRefusal(recorder, { ...denied, facts: { ...sampleFacts, sql } }),
  ).resolves.toMatchObject({ ok: true })
  expect(store.ofType('refusal')).toMatchObject([
    {
      problem: 'denied',
      detail: expect.stringMatching(/left out: .* 2000\d\d\d .* `[0-9a-f]{64}`/),
    },
  ])
  expect(store.ofType('refusal')[0]).not.toHaveProperty('sql')
})

test('refusals of unknown callers are limited, and the next one says how many were left out', async () => {
  const { store, recorder, time } = recordingWorld()
  const budget = refusalBudget({ perMinute: 2, totalPerMinute: 100, clock: recorder.clock })
  for (let n = 0; n < 10; n += 1)
    await expect(recordAnonymousRefusal(recorder, budget, anonymous)).resolves.toMatchObject({
      ok: true,
    })
  expect(store.ofType('refusal').map((entry) => entry.unrecorded)).toEqual([0, 0])
  time.now += 30_000
  await recordAnonymousRefusal(recorder, budget, anonymous)
  expect(store.ofType('refusal').map((entry) => entry.unrecorded)).toEqual([0, 0, 8])
})

test('a count that could not be recorded is not lost', async () => {
  const { store, recorder } = recordingWorld()
  const budget = refusalBudget({ perMinute: 1, totalPerMinute: 100, clock: recorder.clock })
  await recordAnonymousRefusal(recorder, budget, from('a'))
  await recordAnonymousRefusal(recorder, budget, from('a'))
  store.failNext('before', { times: 3 })
  await expect(recordAnonymousRefusal(recorder, budget, from('b'))).resolves.toMatchObject({
    ok: false,
  })
  await recordAnonymousRefusal(recorder, budget, from('c'))
  expect(store.ofType('refusal').map((entry) => entry.unrecorded)).toEqual([0, 2])
})
