import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type { WhatIfReport } from '../../../shared/console/views/policy-view.ts'
import { POLICY } from '../../support/people.ts'
import { runSluice } from '../../support/run-sluice.ts'
import { served } from '../../support/served.ts'

const none = {
  'newly-denied': 0,
  'newly-held': 0,
  'newly-masked': 0,
  'let-out': 0,
  same: 4,
  'not-compared': 1,
}
const same: WhatIfReport = {
  digest: 'c'.repeat(64),
  from: '2026-11-13T10:00:00.000Z',
  to: '2026-11-20T10:00:00.000Z',
  calls: 5,
  isAll: true,
  counts: none,
  byRule: [{ rule: 'reads', counts: none }],
  byPrincipal: [{ principal: 'i ana', label: 'ana', counts: none }],
  changes: [],
  notCompared: [{ reason: 'what was asked is erased', calls: 1 }],
}
const counts = { ...none, same: 3, 'let-out': 1 }
const changed: WhatIfReport = {
  ...same,
  isAll: false,
  counts,
  byRule: [{ rule: 'reads\u202E', counts }],
  changes: [
    {
      call: 'abcdefghijklmnopqrstuvwxyz',
      at: '2026-11-20T09:00:00.000Z',
      principal: 'ana',
      change: 'let-out',
      before: 'denied: no-matching-rule',
      after: 'permitted',
      rules: ['reads\u202E'],
      strippedSql: 'SELECT\n  name',
    },
  ],
}

const heard: { body: unknown; accept: string | undefined; token: string | undefined }[] = []
let lines: readonly object[] = []
let status = 200
let gateway: Awaited<ReturnType<typeof served>>
let folder: string
beforeEach(async () => {
  heard.length = 0
  status = 200
  const app = new Hono()
  app.post('/v1/what-if', async (c) => {
    heard.push({
      body: await c.req.json(),
      accept: c.req.header('accept'),
      token: c.req.header('authorization'),
    })
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    return new Response(body, { status })
  })
  gateway = await served(() => app)
  folder = mkdtempSync(join(tmpdir(), 'sluice-what-if-'))
  writeFileSync(join(folder, 'token'), 'a-token')
  writeFileSync(join(folder, 'policy.yaml'), POLICY)
})
afterEach(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true })
})

const whatIf = (...args: readonly string[]) =>
  runSluice(
    'policy',
    'what-if',
    join(folder, 'policy.yaml'),
    ...args,
    '--gateway',
    gateway.url,
    '--token-file',
    join(folder, 'token'),
  )

test('says that nothing changes, and ends with 0', async () => {
  lines = [{ progress: { done: 1, of: 5 } }, { report: same }]
  const { code, out, err } = await whatIf('--from', '2026-11-13', '--to', '2026-11-20')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('all 5 calls')
  expect(out).toContain('every call that could be compared is decided the same')
  expect(out).toContain('not compared: 1, what was asked is erased')
  expect(heard).toEqual([
    {
      body: { policy: POLICY, from: '2026-11-13T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' },
      accept: 'application/x-ndjson',
      token: 'Bearer a-token',
    },
  ])
})

test('shows what changes as it is, and ends with 3', async () => {
  lines = [{ report: changed }]
  const { code, out } = await whatIf('--since', '7d')
  expect(code).toBe(3)
  expect(out).toContain('the newest 5 calls')
  expect(out).toContain('denied: no-matching-rule -> permitted  (reads\\u202E)')
  expect(out).toContain('  SELECT name\n')
  const json = await whatIf('--json')
  expect(json.code).toBe(3)
  expect(JSON.parse(json.out)).toEqual(changed)
})

test('fails when the gateway does, or says no, or breaks off', async () => {
  for (const [said, code, message] of [
    [{ error: { message: 'it failed' } }, 200, 'it failed'],
    [{ error: { message: 'not for you' } }, 403, 'not for you'],
    [{ progress: { done: 1, of: 2 } }, 200, 'breaks off'],
    [{ bogus: 1 }, 200, 'a form that is not known'],
  ] as const) {
    lines = [said]
    status = code
    // oxlint-disable-next-line no-await-in-loop
    const ended = await whatIf()
    expect(ended.code, message).toBe(1)
    expect(ended.err).toContain(message)
    expect(ended.out).toBe('')
  }
})

test('asks nobody about what is no policy, or what makes no sense', async () => {
  writeFileSync(join(folder, 'policy.yaml'), 'version: 2\n')
  const { code, out } = await whatIf()
  expect(code).toBe(1)
  expect(out).toMatch(/policy\.yaml:1:/)
  expect((await whatIf('--since', '7d', '--from', '2026-11-13')).code).toBe(2)
  expect(heard).toEqual([])
})
