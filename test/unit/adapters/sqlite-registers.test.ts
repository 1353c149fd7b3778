import { afterEach, expect, test } from 'vitest'

import { sqliteStore } from '../../../shared/adapters/sqlite/sqlite-store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const time = { now: Date.parse('2026-11-21T10:00:00Z') }
const store = sqliteStore(':memory:', () => time.now)
afterEach(() => {
  time.now += DAY_MS
})

const write = (key: string, expiresAt: number) =>
  store.registers.write('browserSessions', key, Buffer.from(key), {
    version: undefined,
    expiresAt,
  })
const isThere = async (key: string) =>
  (await store.registers.read('browserSessions', key)) !== undefined

test('what is kept for a month takes nothing along that is kept for an hour', async () => {
  // It signed out whoever looked at what waits for approval, and forgot everything else that ends within four weeks.
  await write('an-hour', time.now + HOUR_MS)
  await write('a-month', time.now + 30 * DAY_MS)
  expect(await isThere('an-hour')).toBe(true)
})

test('what has expired is deleted with the next write', async () => {
  await write('over', time.now + HOUR_MS)
  time.now += 2 * HOUR_MS
  await write('new', time.now + 30 * DAY_MS)
  expect(await isThere('over')).toBe(false)
  expect(await isThere('new')).toBe(true)
})
