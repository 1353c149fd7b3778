import { describe, expect, test } from 'vitest'

import { durationWords } from '../../../shared/console/pages/duration-words.ts'
import { framesOf } from '../../../shared/console/pages/sessions/frames-of.ts'
import { phasesOf } from '../../../shared/console/pages/sessions/phases.ts'
import { WIDTH, timeScale } from '../../../shared/console/pages/sessions/time-scale.ts'
import { aSession } from '../../support/console-sessions.ts'

const HOUR = 3_600_000

test.each([
  [0, '0 ms'],
  [840, '840 ms'],
  [999.7, '1 s'],
  [1_284, '1.28 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min'],
  [402_000, '6 min 42 s'],
  [3 * HOUR + 300_000, '3 h 5 min'],
  [52 * HOUR + 1_000, '2 d 4 h'],
  [-5, '0 ms'],
])('%d ms is %s', (ms, words) => expect(durationWords(ms)).toBe(words))

describe('a scale', () => {
  test('draws what happened in proportion and from edge to edge', () => {
    const { place, folds } = timeScale([
      { from: 1_000, to: 1_500 },
      { from: 1_500, to: 2_000 },
    ])
    expect(folds).toEqual([])
    expect([1_000, 1_250, 2_000].map(place)).toEqual([0, 250, WIDTH])
  })

  test('folds an hour of silence, so that two seconds of work are most of it', () => {
    const scale = timeScale([
      { from: 0, to: 1_000 },
      { from: HOUR, to: HOUR + 1_000 },
    ])
    expect(scale.folds).toHaveLength(1)
    expect(scale.place(1_000)).toBeGreaterThan(0.45 * WIDTH)
    expect(scale.place(HOUR)).toBeLessThan(0.55 * WIDTH)
    expect(scale.place(HOUR + 1_000)).toBeCloseTo(WIDTH)
  })

  test('never draws later things before earlier ones, nor outside', () => {
    const scale = timeScale([
      { from: 0, to: 900 },
      { from: 50_000, to: 51_000 },
      { from: 400_000, to: 400_000 },
    ])
    const places = Array.from({ length: 500 }, (_, index) => scale.place(index * 1_000 - 2_000))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(Math.min(...places)).toBe(0)
    expect(Math.max(...places)).toBeLessThanOrEqual(WIDTH)
  })

  test('of nothing, or of one instant, is still one', () => {
    expect(timeScale([]).place(5)).toBeLessThanOrEqual(WIDTH)
    expect(timeScale([{ from: 7, to: 7 }]).place(7)).toBe(0)
  })
})

describe('phases of a call', () => {
  const [read, denied, held, , underWay] = aSession().calls.map(phasesOf)

  test('that was permitted: it ran', () => {
    expect(read?.map(({ what, from, to }) => [what, to - from])).toEqual([['running', 1_284]])
  })

  test('that was denied: no time', () => {
    expect(denied?.map(({ what, from, to }) => [what, to - from])).toEqual([['running', 0]])
  })

  test('that was held: it waited for people, then ran', () => {
    expect(held?.map(({ what, from, to }) => [what, to - from])).toEqual([
      ['held', 370_100],
      ['running', 31_900],
    ])
  })

  test('that goes on: open', () => {
    expect(underWay?.map(({ what }) => what)).toEqual(['open'])
  })

  test('that was reviewed the day after: the review held nothing', () => {
    const call = aSession().calls[2]
    if (call === undefined) throw new Error('no call')
    const review = { entry: 'r', type: 'approval', at: '2026-11-21T09:00:00.000Z', summary: '' }
    expect(phasesOf({ ...call, steps: [...call.steps, review] })).toEqual(phasesOf(call))
  })
})

test('frames of calls that ran side by side come in the order in which things happened', () => {
  const session = aSession()
  const frames = framesOf({ calls: session.calls.toReversed() })
  expect(frames.map(({ step }) => step.at)).toEqual(
    frames.map(({ step }) => step.at).toSorted((a, b) => a.localeCompare(b)),
  )
  expect(frames.map(({ what }) => what).join(' ')).toBe(
    'asked left asked asked decided decided decided decided left left asked left asked',
  )
})
