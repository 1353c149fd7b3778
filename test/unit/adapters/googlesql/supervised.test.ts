import { expect, onTestFinished, test, vi } from 'vitest'

import { GoogleSqlError } from '../../../../shared/adapters/googlesql/googlesql-error.ts'
import {
  type GoogleSqlServer,
  startGoogleSql,
} from '../../../../shared/adapters/googlesql/server.ts'
import { superviseGoogleSql } from '../../../../shared/adapters/googlesql/supervised.ts'
import { until } from '../../../support/processes.ts'

type Start = () => Promise<GoogleSqlServer>

/** It overflows GoogleSQL's stack. */
const BOMB = { sql: `SELECT ${'NOT '.repeat(100_000)}TRUE` }
const FINE = { sql: 'SELECT 1' }

test('nothing runs before the first call', async () => {
  const start = vi.fn<Start>()
  const supervised = superviseGoogleSql({ start })
  expect(supervised.healthy()).toBe(false)
  expect(start).not.toHaveBeenCalled()
})

test('after a crash the call in flight fails, is not made again, and the next one works', async () => {
  const supervised = superviseGoogleSql()
  onTestFinished(supervised.close)
  await supervised.call('FormatSql', FINE)
  expect(supervised.healthy()).toBe(true)
  for (let crash = 0; crash < 3; crash += 1) {
    await expect(supervised.call('FormatSql', BOMB)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(supervised.healthy()).toBe(false)
    await expect(supervised.call('FormatSql', FINE)).resolves.toEqual({ sql: 'SELECT\n  1;' })
    expect(supervised.healthy()).toBe(true)
  }
})

test('concurrent first calls start one process', async () => {
  const start = vi.fn<Start>().mockResolvedValue(fakeServer(async () => ({})))
  const supervised = superviseGoogleSql({ start })
  await Promise.all([supervised.call('A', {}), supervised.call('B', {}), supervised.call('C', {})])
  expect(start).toHaveBeenCalledTimes(1)
})

test('eager starts at once, and after a crash without being asked', async () => {
  const start = vi.fn<Start>(startGoogleSql)
  const supervised = superviseGoogleSql({ start, eager: true })
  onTestFinished(supervised.close)
  expect(start).toHaveBeenCalledTimes(1)
  await until(supervised.healthy)
  await expect(supervised.call('FormatSql', BOMB)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await until(supervised.healthy)
  expect(start).toHaveBeenCalledTimes(2)
})

test('eager goes on until a start succeeds, and stops when it is closed', async () => {
  const start = vi
    .fn<Start>()
    .mockRejectedValueOnce(new Error('no memory'))
    .mockRejectedValueOnce(new Error('no memory'))
    .mockResolvedValue(fakeServer(async () => ({})))
  const supervised = superviseGoogleSql({ start, eager: true, maximumBackoffMs: 5 })
  await until(supervised.healthy)
  expect(start).toHaveBeenCalledTimes(3)

  const hopeless = vi.fn<Start>().mockRejectedValue(new Error('no memory'))
  const other = superviseGoogleSql({ start: hopeless, eager: true, maximumBackoffMs: 5 })
  await until(() => hopeless.mock.calls.length > 2)
  other.close()
  const calls = hopeless.mock.calls.length
  await new Promise((resolve) => {
    setTimeout(resolve, 50)
  })
  expect(hopeless.mock.calls.length).toBeLessThanOrEqual(calls + 1)
})

test('a process that misses a deadline is replaced: it cannot be told to stop', async () => {
  const close = vi.fn<() => void>()
  const start = vi
    .fn<Start>()
    .mockResolvedValueOnce({
      ...fakeServer(async () => {
        throw new GoogleSqlError('DEADLINE_EXCEEDED', 'too slow')
      }),
      close,
    })
    .mockResolvedValueOnce(fakeServer(async () => ({ sql: 'fresh' })))
  const supervised = superviseGoogleSql({ start })
  await expect(supervised.call('A', {})).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  expect(close).toHaveBeenCalledTimes(1)
  await expect(supervised.call('A', {})).resolves.toEqual({ sql: 'fresh' })
})

test('what GoogleSQL refuses does not cost it its process', async () => {
  const start = vi.fn<Start>().mockResolvedValue(
    fakeServer(async () => {
      throw new GoogleSqlError('INVALID_ARGUMENT', 'Syntax error')
    }),
  )
  const supervised = superviseGoogleSql({ start })
  for (let time = 0; time < 3; time += 1) {
    await expect(supervised.call('A', {})).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  }
  expect(start).toHaveBeenCalledTimes(1)
})

test('a start that fails is tried again, after a pause that grows no longer than it may', async () => {
  const start = vi.fn<Start>().mockRejectedValue(new Error('no memory'))
  const supervised = superviseGoogleSql({ start, maximumBackoffMs: 50 })
  const began = performance.now()
  for (let time = 0; time < 6; time += 1) {
    await expect(supervised.call('A', {})).rejects.toThrow('no memory')
  }
  expect(start).toHaveBeenCalledTimes(6)
  expect(performance.now() - began).toBeGreaterThan(150)
  expect(performance.now() - began).toBeLessThan(2_000)
})

test('closed is closed, also for a process that was starting', async () => {
  const close = vi.fn<() => void>()
  const starting = Promise.withResolvers<GoogleSqlServer>()
  const supervised = superviseGoogleSql({ start: () => starting.promise })
  const call = supervised.call('A', {}).catch((cause: unknown) => cause)
  supervised.close()
  starting.resolve({
    ...fakeServer(async () => {
      throw new GoogleSqlError('UNAVAILABLE', 'closed')
    }),
    close,
  })
  await call
  expect(close).toHaveBeenCalled()
  expect(supervised.healthy()).toBe(false)
  await expect(supervised.call('A', {})).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

function fakeServer(call: GoogleSqlServer['call']): GoogleSqlServer {
  return {
    call,
    exchange: async () => new Uint8Array(),
    close: () => {},
    exited: new Promise(() => {}),
  }
}
