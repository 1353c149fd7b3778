import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { runSluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-exit-'))
afterAll(() => rmSync(folder, { recursive: true }))

const broken = join(folder, 'record.sqlite')
writeFileSync(broken, 'this is no database, and long enough to be one'.repeat(40))
const identities = join(folder, 'identities.yaml')
writeFileSync(identities, 'identities:\n  - id: ana\n    secret: [hunter2\n')

describe('a failure printed a stack', () => {
  test.each([
    [['adc', '--login-config', '--out', '/nope/adc.json'], '/nope/adc.json'],
    [['adc', '--login-config', '--out', folder], folder],
    [['entries', '--state', folder], 'not a database'],
    [['entries', '--state', '/nope'], 'no record at'],
    [['token', '--as', 'ana', '--issuer', 'http://127.0.0.1:1'], 'is `npm start` running?'],
    [['token', '--as', 'ana', '--issuer', 'http://127.0.0.1:1', '--identities', '/nope'], '/nope'],
    [
      ['token', '--as', 'ana', '--issuer', 'http://127.0.0.1:1', '--identities', identities],
      'line',
    ],
  ])('%j is one line and exit code 1', async (args, message) => {
    const { code, out, err } = await runSluice(...args)
    expect(err).toMatch(/^error: .+\n$/)
    expect(err).toContain(message)
    expect(err).not.toContain('hunter2')
    expect(out).toBe('')
    expect(code).toBe(1)
  })
})

test.each([
  [[]],
  [['tokne']],
  [['adc']],
  [['adc', '--tokn']],
  [['adc', '--login-config', '--token-file', 'x']],
  [['adc', '--login-config', 'more']],
  [['entries', '--limit', '0']],
  [['policy']],
  [['policy', 'chek']],
  [['policy', 'check']],
  [['explain', 'SELECT 1']],
  [['token']],
])('%j is wrong usage, one line and exit code 2', async (args) => {
  const { code, out, err } = await runSluice(...args)
  expect(err).toMatch(/^error: .+\n$/)
  expect(out).toBe('')
  expect(code).toBe(2)
})

test.each([
  [['--help']],
  [['token', '--help']],
  [['adc', '--help']],
  [['entries', '--help']],
  [['help', 'entries']],
  [['policy', '--help']],
  [['policy', 'check', '--help']],
  [['policy', 'test', '--help']],
  [['explain', '--help']],
])('%j shows the exit codes, and no token that no command reads', async (args) => {
  const { code, out, err } = await runSluice(...args)
  expect(out).toContain('Exit codes: 0 done, 1 failed, 2 wrong usage.')
  expect(out).not.toContain('SLUICE_TOKEN')
  expect(err).toBe('')
  expect(code).toBe(0)
})
