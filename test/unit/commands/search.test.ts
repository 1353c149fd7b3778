import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { httpListener } from '../../../functions/http-listener.ts'
import { auditApiWorld } from '../../support/audit-api-world.ts'
import { linesOf } from '../../support/export-world.ts'
import { type Person, signToken } from '../../support/people.ts'
import { runSluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-search-'))
const world = await auditApiWorld()
const server = createServer(httpListener(world.app.fetch))
const people = ['otto', 'ana', 'carla'] as const
let session = ''
let call = ''
let denied = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const ana = await world.sessionOf('ana', { act: { sub: 'agent-7' } })
  session = ana.id
  call = await world.ask(ana)
  denied = await world.denied(ana, { strippedSql: 'SELECT \u001B[2J\nFROM patients' })
  await world.ask(await world.sessionOf('bob'), { tables: ['acme.hospital.visits'] })
  await world.seal()
  for (const name of people) writeFileSync(join(folder, name), await signToken(name, Date.now()))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const sluice = (as: Person, ...args: readonly string[]) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return runSluice(...args, '--gateway', url, '--token-file', join(folder, as))
}

test('who read a column lately, through which agent, who let them, and what they saw', async () => {
  const asked = ['--column', 'patients.ssn', '--table', 'patients', '--since', '90d']
  const { code, out, err } = await sluice('otto', 'search', ...asked)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const [head = '', first = '', second = '', last = ''] = out.split('\n')
  expect(head).toMatch(/TIME \(UTC\) +WHO +THROUGH +DECIDED +APPROVED BY +SAW +QUERY +CALL/)
  expect(first).toContain('denied: no-matching-rule')
  expect(first).toContain(denied)
  expect(second).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}ana +agent-7 \/ genai-toolbox\/1\.12\.0 +permitted by analysts-read +- +1 row: ssn as LAST_FOUR_CHARACTERS +SELECT ssn/,
  )
  expect(second).toContain(call)
  expect(last).toMatch(/^2 calls; searched up to /)
  expect(out).not.toContain('\u001B[2J')
})

test('as JSON, and no more than the limit', async () => {
  const { code, out } = await sluice('otto', 'search', '--limit', '1', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ calls: [{ call: expect.any(String) }], isMore: true })
})

test('nothing found says so', async () => {
  const { code, out } = await sluice('otto', 'search', '--principal', 'nobody')
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^nothing found; searched/) })
})

test('sessions: listed, read, followed and taken along', async () => {
  const list = await sluice('otto', 'sessions', 'list', '--principal', 'ana')
  expect(list.out).toMatch(/BEGAN \(UTC\) +WHO/)
  expect(list.out).toMatch(
    new RegExp(`ana through agent-7 +genai-toolbox/1\\.12\\.0 +2 +1 +0 +open +${session}`),
  )
  const show = await sluice('otto', 'sessions', 'show', session)
  expect(show.code).toBe(0)
  expect(show.out).toContain(`session ${session} of ana through agent-7`)
  expect(show.out).toContain('session-opened: sealed')
  expect(show.out.indexOf(call)).toBeLessThan(show.out.indexOf(denied))
  const tail = await sluice('otto', 'sessions', 'tail', '--for', '1', '--every', '5')
  expect(tail).toMatchObject({ code: 0, err: '' })
  const taken = await sluice('otto', 'sessions', 'export', session)
  expect(linesOf(Buffer.from(taken.out)).at(-1)).toMatchObject({ t: 'end' })
})

test('a requester sees their own; who has no role is told so in one line', async () => {
  const own = await sluice('ana', 'search', '--json')
  expect(own.out).toContain(call)
  expect(own.out).not.toContain('"bob"')
  const none = await sluice('carla', 'search')
  expect(none).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^error: Access Denied: .*\n$/),
  })
})

test.each([
  [['search', '--since', 'yesterday']],
  [['search', '--since', '1d', '--from', '2d']],
  [['search', '--limit', '0']],
  [['sessions', 'show', 'ana']],
  [['sessions', 'show']],
  [['sessions', 'tail', '--every', '0']],
])('%j is wrong usage', async (args) => {
  const { code, out, err } = await sluice('otto', ...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^error: .*\n$/)
})
