import { randomBytes } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { base32 } from '../../../shared/kernel/base32.ts'
import { recordRequest } from '../../../shared/recording/record-request.ts'
import { recordingWorld, sampleToRecord } from '../../support/recording-world.ts'
import {
  sampleCall,
  sampleCallId,
  sampleFacts,
  samplePermit,
  sampleSession,
} from '../../support/sample-entries.ts'

const callId = sampleCallId(1)

test('a permit becomes a call once its request entry is durable', async () => {
  const { store, recorder, time } = recordingWorld()
  const recorded = await recordRequest(recorder, sampleToRecord(callId))
  const [stored] = store.stored()
  expect(store.stored()).toHaveLength(1)
  expect(store.ofType('request')).toMatchObject([
    {
      v: 1,
      id: `${callId}~request`,
      call: callId,
      at: time.now,
      sql: sampleFacts.sql,
      connection: 'main',
      principal: { subject: 'ana', credential: { kind: 'exchanged' } },
      session: { id: sampleSession().id, claimed: { userAgent: 'genai-toolbox/1.12.0' } },
      decision: { effect: 'permit', rules: ['analysts-read'] },
    },
  ])
  expect(recorded).toEqual({
    ok: true,
    value: {
      call: sampleCall({
        body: {
          query: sampleFacts.sql,
          useLegacySql: false,
          labels: {
            sluice_session: sampleSession().id,
            sluice_decision: 'analysts-read',
            sluice_entry: base32(Buffer.from(stored?.hash ?? '', 'hex')),
          },
        },
      }),
      effect: 'permit',
      connection: 'main',
      callId,
      request: stored?.hash,
      effectiveDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      repeated: false,
      recordedAt: expect.any(Number),
      release: { masks: [], governed: false, maximumRows: undefined, outputs: undefined },
    },
  })
})

describe('a store that fails', () => {
  test.each([
    { when: 'before', times: 1, tries: 2, sleeps: [50] },
    { when: 'before', times: 2, tries: 3, sleeps: [50, 200] },
    { when: 'after', times: 1, tries: 2, sleeps: [50] },
    { when: 'after', times: 2, tries: 3, sleeps: [50, 200] },
  ] as const)(
    '$times times $when it persists: the same bytes again, and one entry',
    async ({ when, times, tries, sleeps }) => {
      const world = recordingWorld()
      world.store.failNext(when, { times })
      const recorded = await recordRequest(world.recorder, sampleToRecord(callId))
      expect(recorded).toMatchObject({ ok: true, value: { repeated: false } })
      expect(world.store.calls.create).toBe(tries)
      expect(world.sleeps).toEqual(sleeps)
      expect(world.store.stored()).toHaveLength(1)
    },
  )

  test.each([
    { when: 'before', durable: 0 },
    { when: 'after', durable: 1 },
  ] as const)(
    'every time, $when it persists: no leave to call BigQuery',
    async ({ when, durable }) => {
      const { store, recorder } = recordingWorld()
      store.failNext(when, { times: Infinity })
      const recorded = await recordRequest(recorder, sampleToRecord(callId))
      expect(recorded).toMatchObject({ ok: false, error: { problem: 'store-unavailable' } })
      expect(recorded).not.toHaveProperty('value')
      expect(store.calls.create).toBe(3)
      expect(store.stored()).toHaveLength(durable)
    },
  )

  test('the time of the entry is that of the first try', async () => {
    const { store, recorder, time } = recordingWorld()
    store.failNext('after')
    const late = { ...recorder, sleep: async () => void (time.now += 60_000) }
    await expect(recordRequest(late, sampleToRecord(callId))).resolves.toMatchObject({ ok: true })
    expect(store.stored()).toHaveLength(1)
  })
})

test('a request too large to keep is said to be, at once, and not made', async () => {
  const { store, recorder } = recordingWorld()
  const sql = `SELECT '${randomBytes(1_500_000).toString('base64')}'`
  const recorded = await recordRequest(recorder, {
    ...sampleToRecord(callId),
    facts: { ...sampleFacts, sql },
  })
  expect(recorded).toEqual({ ok: false, error: { problem: 'entry-too-large' } })
  expect(store.calls.create).toBe(1)
  expect(store.stored()).toEqual([])
})

test('a request without canonical JSON throws, and is not made', async () => {
  const { store, recorder } = recordingWorld()
  const facts = { ...sampleFacts, parameters: { value: 0.5 } }
  await expect(recordRequest(recorder, { ...sampleToRecord(callId), facts })).rejects.toThrow(
    'safe integers',
  )
  expect(store.calls.create).toBe(0)
})

describe('an id that was used before', () => {
  test('a repeat is bound to the first entry, labels and all', async () => {
    const { store, recorder, time } = recordingWorld()
    const first = await recordRequest(recorder, sampleToRecord(callId))
    time.now += 3_000
    const later = {
      ...sampleToRecord(callId),
      // A new sign-in: another session, but the same person and the same call.
      session: { ...sampleSession(), id: sampleSession('bob').id },
    }
    const again = await recordRequest(recorder, later)
    expect(store.stored()).toHaveLength(1)
    expect(again).toEqual({
      ok: true,
      value: { ...(first.ok ? first.value : {}), repeated: true },
    })
  })

  test("the client's own sluice labels make no difference", async () => {
    const { recorder, time } = recordingWorld()
    const body = { query: 'SELECT 1', labels: { team: 'x', sluice_session: 'one' } }
    const other = { ...body, labels: { team: 'x', sluice_entry: 'forged' } }
    const first = samplePermit(sampleCall({ body }))
    await recordRequest(recorder, sampleToRecord(callId, first))
    time.now += 1
    const again = await recordRequest(
      recorder,
      sampleToRecord(callId, samplePermit(sampleCall({ body: other }))),
    )
    expect(again).toMatchObject({ ok: true, value: { repeated: true } })
  })

  const another = sampleToRecord(callId)
  test.each([
    {
      what: 'another text',
      request: sampleToRecord(callId, samplePermit(sampleCall({ body: { query: 'SELECT 2' } }))),
    },
    {
      what: 'another query parameter',
      request: sampleToRecord(callId, samplePermit(sampleCall({ query: { location: 'EU' } }))),
    },
    { what: 'another principal', request: { ...another, session: sampleSession('eve') } },
    { what: 'another connection', request: { ...another, connection: 'second' } },
  ])('$what under it is refused and leaves the entry alone', async ({ request }) => {
    const { store, recorder } = recordingWorld()
    await recordRequest(recorder, sampleToRecord(callId))
    const before = store.stored()
    const recorded = await recordRequest(recorder, request)
    expect(recorded).toEqual({ ok: false, error: { problem: 'request-id-reused' } })
    expect(store.stored()).toEqual(before)
  })

  test('of 20 at once one is the first and all get the same entry', async () => {
    const { store, recorder, time } = recordingWorld()
    const all = await Promise.all(
      Array.from({ length: 20 }, () => {
        time.now += 1
        return recordRequest(recorder, sampleToRecord(callId))
      }),
    )
    const permits = all.flatMap((one) => (one.ok ? [one.value] : []))
    expect(permits).toHaveLength(20)
    expect(permits.filter((permit) => !permit.repeated)).toHaveLength(1)
    expect(new Set(permits.map((permit) => permit.request)).size).toBe(1)
    expect(store.stored()).toHaveLength(1)
  })
})
