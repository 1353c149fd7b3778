import { expect, test } from 'vitest'

import { refusalBudget } from '../../../shared/recording/refusal-budget.ts'

function world(perMinute: number, totalPerMinute: number) {
  const time = { now: 1_000_000 }
  const budget = refusalBudget({ perMinute, totalPerMinute, clock: () => time.now })
  const granted = (address: string | undefined, times: number) =>
    Array.from({ length: times }, () => budget.take(address)).filter((taken) => taken !== undefined)
      .length
  return { time, budget, granted }
}

test('each address has a minute’s worth, and gains it back over a minute', () => {
  const { time, granted } = world(6, 1_000)
  expect(granted('a', 20)).toBe(6)
  expect(granted('b', 20)).toBe(6)
  time.now += 9_999
  expect(granted('a', 20)).toBe(0)
  time.now += 1
  expect(granted('a', 20)).toBe(1)
  time.now += 3_600_000
  expect(granted('a', 20)).toBe(6)
})

test('all addresses together have theirs, however many there are', () => {
  const { time, granted } = world(5, 50)
  const all = () =>
    Array.from({ length: 20_000 }, (_, n) => granted(`address-${n}`, 1)).reduce((a, b) => a + b)
  expect(all()).toBe(50)
  time.now += 60_000
  expect(all()).toBe(50)
})

test('an unknown address is one like the others', () => {
  const { granted } = world(3, 100)
  expect(granted(undefined, 10)).toBe(3)
  expect(granted('a', 10)).toBe(3)
})

test('what was not granted is counted once', () => {
  const { budget, time } = world(1, 100)
  expect(budget.take('a')).toEqual({ unrecorded: 0 })
  for (let n = 0; n < 7; n += 1) expect(budget.take('a')).toBeUndefined()
  expect(budget.take('b')).toEqual({ unrecorded: 7 })
  expect(budget.take('c')).toEqual({ unrecorded: 0 })
  budget.giveBack(8)
  time.now += 60_000
  expect(budget.take('a')).toEqual({ unrecorded: 8 })
})

test('a clock that is set back gives nothing away', () => {
  const { granted, time } = world(2, 100)
  expect(granted('a', 5)).toBe(2)
  time.now -= 600_000
  expect(granted('a', 5)).toBe(0)
  time.now += 30_000
  expect(granted('a', 5)).toBe(1)
})
