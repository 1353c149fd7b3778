import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { sqliteStore } from '../../../shared/adapters/sqlite/sqlite-store.ts'
import { runSluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-stop-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'record.sqlite')
const store = `sqlite:${file}`

const run = async (...args: readonly string[]) => runSluice(...args, '--store', store)

test('a kill switch is set, listed and cleared in the store', async () => {
  const principal = ['--principal', 'https://issuer.example', 'ana']
  expect((await run('stop', '--reason', 'an incident')).code).toBe(0)
  expect((await run('stop', ...principal, '--reason', 'she asked for it')).code).toBe(0)
  expect((await run('stop', '--dataset', 'acme.hospital', '--reason', 'a leak')).code).toBe(0)

  const { out } = await run('stops')
  expect(out.trim().split('\n')).toEqual([
    expect.stringMatching(/^everybody, by .+: an incident$/),
    expect.stringMatching(/^principal https:\/\/issuer\.example ana, by .+: she asked for it$/),
    expect.stringMatching(/^dataset acme\.hospital, by .+: a leak$/),
  ])

  expect((await run('resume')).code).toBe(0)
  expect((await run('resume', '--dataset', 'acme.hospital')).code).toBe(0)
  const kept = sqliteStore(file)
  expect((await kept.killSwitches.list()).map(({ scope }) => scope)).toEqual([
    { kind: 'principal', principal: 'https://issuer.example ana' },
  ])
  kept.close()
})

test.each([
  [['resume', '--dataset', 'acme.nothing'], 1, 'no such kill switch'],
  [['stop', '--reason', 'x', '--dataset', 'hospital'], 1, 'not a project and dataset'],
  [['stop', '--reason', 'x', '--principal', 'only-one'], 1, 'two words'],
  [['stop'], 2, '--reason'],
])('%j ends with %i', async (args, code, message) => {
  const ended = await run(...args)
  expect(ended.err).toContain(message)
  expect(ended.code).toBe(code)
})
