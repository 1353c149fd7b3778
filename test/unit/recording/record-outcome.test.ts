import { describe, expect, test } from 'vitest'

import { entryHash } from '../../../shared/recording/encode-entry.ts'
import type { Entry } from '../../../shared/recording/entry.ts'
import { recordOutcome } from '../../../shared/recording/record-outcome.ts'
import { recordPage } from '../../../shared/recording/record-page.ts'
import { recordRequest } from '../../../shared/recording/record-request.ts'
import { recordingWorld, sampleToRecord } from '../../support/recording-world.ts'
import { sampleCallId, sampleDelivered, sampleSession } from '../../support/sample-entries.ts'

const callId = sampleCallId(1)

async function world() {
  const recording = recordingWorld()
  const recorded = await recordRequest(recording.recorder, sampleToRecord(callId))
  if (!recorded.ok) throw new Error('unreachable')
  const startedAt = recording.time.now
  recording.time.now += 120
  const about = {
    recorded: recorded.value,
    session: sampleSession(),
    startedAt,
    results: 'digest',
  } as const
  return {
    ...recording,
    about,
    released: {
      ...about,
      outcome: 'released',
      delivery: sampleDelivered,
      credentialVersion: '7',
    } as const,
  }
}

test('the end of a call is durable when it resolves', async () => {
  const { store, recorder, released } = await world()
  const ended = await recordOutcome(recorder, released)
  expect(store.ofType('outcome')).toMatchObject([
    {
      id: `${callId}~end`,
      call: callId,
      request: released.recorded.request,
      session: sampleSession().id,
      outcome: 'released',
      durationMs: 120,
      credentialVersion: '7',
      delivery: { rows: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
  ])
  const last = store.stored().at(-1)
  expect(ended).toMatchObject({ ok: true, value: { hash: last?.hash } })
  expect(last?.hash).toBe(entryHash(last?.bytes ?? Buffer.of()))
})

describe('a store that fails', () => {
  test.each([
    { when: 'before', times: 1, tries: 2 },
    { when: 'before', times: 2, tries: 3 },
    { when: 'after', times: 1, tries: 2 },
    { when: 'after', times: 2, tries: 3 },
  ] as const)(
    '$times times $when it persists: ended once, by the same bytes',
    async ({ when, times, tries }) => {
      const { store, recorder, released } = await world()
      store.failNext(when, { times, type: 'outcome' })
      await expect(recordOutcome(recorder, released)).resolves.toMatchObject({
        ok: true,
        value: { entry: { type: 'outcome' } },
      })
      expect(store.calls.create - 1).toBe(tries)
      expect(store.stored()).toHaveLength(2)
      expect(store.ofType('page')).toEqual([])
    },
  )

  test.each([
    // Recorded as released though nothing was: the safe side.
    { when: 'after', durable: 1 },
    { when: 'before', durable: 0 },
  ] as const)('every time, $when it persists: nothing may leave', async ({ when, durable }) => {
    const { store, recorder, released } = await world()
    store.failNext(when, { times: Infinity })
    const ended = await recordOutcome(recorder, released)
    expect(ended).toMatchObject({ ok: false, error: { problem: 'store-unavailable' } })
    expect(store.ofType('outcome')).toHaveLength(durable)
    expect(store.calls.create - 1).toBe(3)
  })

  test('while a page is written instead: nothing may leave', async () => {
    const { store, recorder, released, time } = await world()
    await recordOutcome(recorder, released)
    time.now += 1
    store.failNext('before', { times: Infinity, type: 'page' })
    const again = await recordOutcome(recorder, released)
    expect(again).toMatchObject({ ok: false, error: { problem: 'store-unavailable' } })
    expect(store.ofType('page')).toEqual([])
  })
})

describe('a call that has ended', () => {
  test('what is delivered again is a page of it, each time one more', async () => {
    const { store, recorder, released, time } = await world()
    const first = await recordOutcome(recorder, released)
    time.now += 1_000
    const again = await recordOutcome(recorder, { ...released, method: 'jobs.getQueryResults' })
    await recordOutcome(recorder, released)
    expect(store.ofType('outcome')).toMatchObject([{ at: first.ok ? first.value.entry.at : 0 }])
    expect(store.ofType('page')).toMatchObject([
      {
        call: callId,
        request: released.recorded.request,
        method: 'jobs.getQueryResults',
        principal: { subject: 'ana' },
        delivery: { bytes: sampleDelivered.body.length },
        credentialVersion: '7',
        durationMs: 1_120,
      },
      { method: 'jobs.query' },
    ])
    expect(again).toMatchObject({ ok: true, value: { entry: { type: 'page' } } })
  })

  test.each(['unanswered', 'not-delivered'] as const)(
    'and delivers nothing now (%s) keeps its end',
    async (outcome) => {
      const { store, recorder, released, about, time } = await world()
      const first = await recordOutcome(recorder, released)
      time.now += 1
      await expect(recordOutcome(recorder, { ...about, outcome })).resolves.toMatchObject({
        ok: true,
        value: { hash: first.ok ? first.value.hash : '' },
      })
      expect(store.stored()).toHaveLength(2)
    },
  )

  describe('because somebody gave up its handler', () => {
    const closed = { outcome: 'executed-not-delivered', detail: 'nobody answered' } as const

    test('while that was at it: it delivers nothing', async () => {
      const { store, recorder, released, about, time } = await world()
      await recordOutcome(recorder, { ...about, ...closed })
      time.now += 1
      const late = await recordOutcome(recorder, released)
      expect(late).toEqual({ ok: false, error: { problem: 'call-closed' } })
      expect(store.ofType('page')).toEqual([])
      expect(store.ofType('outcome')).toMatchObject([closed])
    })

    test('before somebody came back for it: what is delivered is a page', async () => {
      const { store, recorder, released, about, time } = await world()
      await recordOutcome(recorder, { ...about, ...closed })
      time.now += 1
      await recordOutcome(recorder, { ...released, startedAt: time.now })
      expect(store.ofType('page')).toHaveLength(1)
    })
  })

  test('of 20 that end it at once, one does; every delivery is recorded', async () => {
    const { store, recorder, released } = await world()
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        recordOutcome(recorder, { ...released, delivery: { ...sampleDelivered, rows: n } }),
      ),
    )
    expect(all.filter((one) => one.ok)).toHaveLength(20)
    expect(store.ofType('outcome')).toHaveLength(1)
    const delivered = [...store.ofType('outcome'), ...store.ofType('page')]
    expect(
      delivered.map((entry) => entry.delivery?.rows).toSorted((a = 0, b = 0) => a - b),
    ).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })
})

test('pages do not end a call', async () => {
  const { store, recorder, released } = await world()
  const page = await recordPage(recorder, released)
  expect(page).toMatchObject({ ok: true, value: { entry: { type: 'page', call: callId } } })
  expect(store.ofType('outcome')).toEqual([])
  await recordOutcome(recorder, released)
  expect(store.stored().map(({ entry }: { entry: Entry }) => entry.type)).toEqual([
    'request',
    'page',
    'outcome',
  ])
})

test('a clock that is set back gives no negative duration', async () => {
  const { store, recorder, released, time } = await world()
  time.now -= 1_000_000
  await recordOutcome(recorder, released)
  expect(store.ofType('outcome')).toMatchObject([{ durationMs: 0 }])
})
