import { expect, test } from 'vitest'

import { parseTimestamp, timestamp } from '../../../shared/adapters/firestore/timestamp.ts'

test.each([
  [0, '1970-01-01T00:00:00.000000Z'],
  [1_790_000_000_000_001, '2026-09-21T14:13:20.000001Z'],
  [1_790_000_000_999_999, '2026-09-21T14:13:20.999999Z'],
  [-1, '1969-12-31T23:59:59.999999Z'],
])('%d µs is %s', (microseconds, text) => {
  expect(timestamp(microseconds)).toBe(text)
  expect(parseTimestamp(text)).toBe(microseconds)
})

test.each([
  ['2026-09-21T14:13:20Z', 1_790_000_000_000_000],
  ['2026-09-21T14:13:20.1Z', 1_790_000_000_100_000],
  ['2026-09-21T14:13:20.212Z', 1_790_000_000_212_000],
  ['2026-09-21T14:13:20.000001999Z', 1_790_000_000_000_001],
  ['2026-09-21T14:13:20+02:00', undefined],
  ['2026-99-21T14:13:20Z', undefined],
  ['today', undefined],
])('%s is read as %s', (text, microseconds) => {
  expect(parseTimestamp(text)).toBe(microseconds)
})
