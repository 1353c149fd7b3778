import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type { ReplayReport } from '../../../shared/console/views/replay-view.ts'
import { runSluice } from '../../support/run-sluice.ts'
import { served } from '../../support/served.ts'

const SESSION = 'a'.repeat(26)
const CALL = 'b'.repeat(26)

const run = {
  of: CALL,
  call: 'c'.repeat(26),
  state: 'run',
  decisionThen: 'permit by reads',
  decisionNow: 'permit by reads',
  decision: 'same',
  schema: 'same',
  rows: 'same',
  rowsThen: 20,
  rowsNow: 20,
  digest: 'same',
  strippedSql: 'SELECT\n  name\u202E',
} as const
const same: ReplayReport = {
  replay: `replay~${'d'.repeat(26)}`,
  at: '2026-11-21T10:00:00.000Z',
  of: SESSION,
  session: 'e'.repeat(26),
  connection: 'sandbox',
  calls: [run],
  verdict: 'same',
}
const different: ReplayReport = {
  ...same,
  calls: [
    { ...run, digest: 'different', rowsNow: 19, rows: 'different' },
    {
      of: 'f'.repeat(26),
      state: 'not-run',
      reason: 'approval-needed',
      decisionThen: 'permit by reads',
      decisionNow: 'require-approval by asks',
      decision: 'different',
      schema: 'not-known',
      rows: 'not-known',
      digest: 'not-known',
    },
  ],
  verdict: 'different',
}

const heard: unknown[] = []
let answer: object = same
let status = 200
let gateway: Awaited<ReturnType<typeof served>>
let folder: string
beforeEach(async () => {
  heard.length = 0
  status = 200
  answer = same
  const app = new Hono()
  app.post('/v1/replays', async (c) => {
    heard.push({ body: await c.req.json(), token: c.req.header('authorization') })
    return Response.json(answer, { status })
  })
  gateway = await served(() => app)
  folder = mkdtempSync(join(tmpdir(), 'sluice-replay-'))
  writeFileSync(join(folder, 'token'), 'a-token')
})
afterEach(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true })
})

const replay = (...args: readonly string[]) =>
  runSluice(
    'sessions',
    'replay',
    ...args,
    '--gateway',
    gateway.url,
    '--token-file',
    join(folder, 'token'),
  )

test('shows what is the same, and ends with 0', async () => {
  const { code, out, err } = await replay(SESSION, '--as-of-then')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('same      same    same  same    20    20')
  expect(out).toContain('SELECT name\\u202E')
  expect(out).toContain('everything that was run is decided the same')
  expect(heard).toEqual([{ body: { session: SESSION, asOf: 'then' }, token: 'Bearer a-token' }])
})

test.each([
  [different, 'policy wants approval for it now'],
  [{ ...same, verdict: 'not-known' }, 'not everything could be compared'],
  [{ ...same, session: '', calls: [], verdict: 'nothing-run' }, 'nothing was run'],
])('ends with 3 for what is not known to be the same', async (report, words) => {
  answer = report
  const { code, out } = await replay('--call', CALL, '--connection', 'sandbox')
  expect(code).toBe(3)
  expect(out).toContain(words)
  expect(heard).toMatchObject([{ body: { call: CALL, connection: 'sandbox' } }])
  const json = await replay('--call', CALL, '--json')
  expect(json.code).toBe(3)
  expect(JSON.parse(json.out)).toEqual(report)
})

test('fails as the gateway does, and asks for nothing that makes no sense', async () => {
  status = 409
  answer = { error: { message: 'nothing was run: policy has no sandbox' } }
  const { code, err, out } = await replay(SESSION)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('policy has no sandbox')
  const asked = heard.length
  expect((await replay()).code).toBe(2)
  expect((await replay(SESSION, '--call', CALL)).code).toBe(2)
  expect((await replay('../x')).code).toBe(2)
  expect(heard).toHaveLength(asked)
})
