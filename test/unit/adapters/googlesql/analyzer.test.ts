import { expect, onTestFinished, test, vi } from 'vitest'

import { googleSqlAnalyzer } from '../../../../shared/adapters/googlesql/analyzer.ts'
import { GoogleSqlError } from '../../../../shared/adapters/googlesql/googlesql-error.ts'
import {
  type GoogleSqlServer,
  startGoogleSql,
} from '../../../../shared/adapters/googlesql/server.ts'
import { nameDefaults, summarize } from '../../../support/analyzer-world.ts'

const defaults = nameDefaults('acme', 'hospital')

type Start = () => Promise<GoogleSqlServer>

/** Real servers that die when they are asked about SQL that `isDeadly`. */
function dyingServers(isDeadly: (sql: string) => boolean) {
  const calls = vi.fn<(method: string, sql: string) => void>()
  const start = vi.fn<Start>(async () => {
    const server = await startGoogleSql()
    return {
      ...server,
      exchange: async (method, request, options) => {
        const sql = String(Object.entries(request)[0]?.[1])
        calls(method, sql)
        const reply = server.exchange(method, request, options)
        if (isDeadly(sql)) server.close()
        return reply
      },
    }
  })
  return { start, calls }
}

/** A real server that has no time for SQL that says `slow`. */
async function slowServer(): Promise<GoogleSqlServer> {
  const server = await startGoogleSql()
  return {
    ...server,
    exchange: async (method, request, options) => {
      const slow = JSON.stringify(request).includes('slow')
      return server.exchange(method, request, slow ? { timeoutMs: 0 } : options)
    },
  }
}

test('an answer is remembered', async () => {
  const { start, calls } = dyingServers(() => false)
  const { analyze, close } = googleSqlAnalyzer({ start })
  onTestFinished(close)
  const first = await analyze('SELECT * FROM t', defaults)
  const before = calls.mock.calls.length
  expect(await analyze('SELECT * FROM t', defaults)).toBe(first)
  expect(calls.mock.calls.length).toBe(before)
  await analyze('SELECT 1 FROM FROM', defaults)
  await analyze('SELECT 1; SELECT 2', defaults)
  const again = calls.mock.calls.length
  await analyze('SELECT 1 FROM FROM', defaults)
  await analyze('SELECT 1; SELECT 2', defaults)
  expect(calls.mock.calls.length).toBe(again)
})

test('an answer is remembered for the names it was given for', async () => {
  const { analyze, close } = googleSqlAnalyzer()
  onTestFinished(close)
  const sql = 'SELECT * FROM t'
  expect(summarize(await analyze(sql, nameDefaults('acme', 'a')))).toBe('SELECT acme.a.t')
  expect(summarize(await analyze(sql, nameDefaults('acme', 'b')))).toBe('SELECT acme.b.t')
  expect(summarize(await analyze(sql, nameDefaults('other', 'a')))).toBe('SELECT other.a.t')
  expect(summarize(await analyze(sql, nameDefaults('acme', 'other.a')))).toBe('SELECT other.a.t')
  expect(summarize(await analyze(sql, nameDefaults('acme')))).toContain('must be qualified')
})

test('a statement that ends the process twice is remembered as not understood', async () => {
  const { start } = dyingServers((sql) => sql.includes('deadly'))
  const { analyze, close, healthy } = googleSqlAnalyzer({ start })
  onTestFinished(close)
  const deadly = (): Promise<string> => analyze('SELECT "deadly"', defaults).then(summarize)
  expect(await deadly()).toBe('analyzer-unavailable')
  expect(healthy()).toBe(false)
  expect(summarize(await analyze('SELECT 1', defaults))).toBe('SELECT')
  expect(healthy()).toBe(true)
  expect(start).toHaveBeenCalledTimes(2)

  // The second time it runs alone: nobody else notices.
  expect(await deadly()).toContain('not understood: make it simpler')
  expect(start).toHaveBeenCalledTimes(3)
  expect(healthy()).toBe(true)
  expect(await deadly()).toContain('not understood: make it simpler')
  expect(start).toHaveBeenCalledTimes(3)
})

test('a statement that was only near a crash is not blamed for it', async () => {
  const { start } = dyingServers((sql) => sql.includes('deadly'))
  const { analyze, close } = googleSqlAnalyzer({ start })
  onTestFinished(close)
  await analyze('SELECT 0', defaults)
  for (let crash = 0; crash < 3; crash += 1) {
    const [innocent] = await Promise.all([
      analyze(`SELECT * FROM t${crash}`, defaults),
      analyze(`SELECT "deadly ${crash}"`, defaults),
    ])
    expect(['analyzer-unavailable', `SELECT acme.hospital.t${crash}`]).toContain(
      summarize(innocent),
    )
    expect(summarize(await analyze(`SELECT * FROM t${crash}`, defaults))).toBe(
      `SELECT acme.hospital.t${crash}`,
    )
  }
})

test('a statement that takes too long is unavailable, then not understood', async () => {
  const { analyze, close } = googleSqlAnalyzer({ start: slowServer })
  onTestFinished(close)
  expect(summarize(await analyze('SELECT slow', defaults))).toBe('analyzer-unavailable')
  expect(summarize(await analyze('SELECT slow', defaults))).toContain('not understood')
  expect(summarize(await analyze('SELECT fast', defaults))).toBe('SELECT')
})

test('GoogleSQL that does not start is an outage that is not remembered', async () => {
  const start = vi
    .fn<Start>()
    .mockRejectedValue(new GoogleSqlError('UNAVAILABLE', 'GoogleSQL did not start'))
  const { analyze, healthy } = googleSqlAnalyzer({ start, maximumBackoffMs: 1 })
  for (let time = 0; time < 4; time += 1) {
    expect(summarize(await analyze('SELECT 1', defaults))).toBe('analyzer-unavailable')
  }
  expect(start).toHaveBeenCalledTimes(4)
  expect(healthy()).toBe(false)
})

test.each([
  ['NOT', `SELECT ${'NOT '.repeat(9_000)}TRUE`],
  ['+', `SELECT 1${'+1'.repeat(9_000)}`],
  ['.', `SELECT ARRAY(SELECT 1)${'.a'.repeat(9_000)}`],
  ['[', `SELECT a${'[0]'.repeat(9_000)}`],
  [',', `SELECT * FROM t${',t'.repeat(14_000)}`],
  ['(SELECT', `${'(SELECT '.repeat(190)}1${')'.repeat(190)}`],
  ['BEGIN', `${'BEGIN '.repeat(5_000)}SELECT 1;${'END;'.repeat(5_000)}`],
])('what is within the limits does not end GoogleSQL: many %s', async (_what, sql) => {
  const start = vi.fn<Start>(startGoogleSql)
  const { analyze, close, healthy } = googleSqlAnalyzer({ start, timeoutMs: 60_000 })
  onTestFinished(close)
  await analyze(sql, defaults)
  expect(healthy()).toBe(true)
  expect(start).toHaveBeenCalledTimes(1)
})
