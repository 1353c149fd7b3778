import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { ISSUER, type Person } from '../../support/people.ts'
import { type RecordsWorld, recordsWorld } from '../../support/records-world.ts'
import { runSluice } from '../../support/run-sluice.ts'
import { served } from '../../support/served.ts'

let world: RecordsWorld
let gateway: Awaited<ReturnType<typeof served>>
let folder: string
let session: string
beforeEach(async () => {
  world = await recordsWorld()
  session = await world.session('ana', 0)
  gateway = await served(() => world.app)
  folder = mkdtempSync(join(tmpdir(), 'sluice-records-'))
})
afterEach(async () => {
  await gateway.close()
  await world.close()
  rmSync(folder, { recursive: true })
})

async function as(person: Person, ...args: readonly string[]) {
  const file = join(folder, 'token')
  writeFileSync(file, `${await world.token(person)}\n`)
  return runSluice(...args, '--gateway', gateway.url, '--token-file', file)
}

test('sets a hold, lists it and releases it', async () => {
  const set = await as('otto', 'holds', 'set', '--session', session, '--reason', 'case 7')
  expect(set).toMatchObject({ code: 0, err: '' })
  const [, id = ''] = /^held: ([a-z2-7]{26}) {2}session /.exec(set.out) ?? []
  const listed = await as('otto', 'holds', 'list')
  expect(listed.out).toMatch(
    new RegExp(`^${id} {2}session ${session}, by ${ISSUER} otto on \\S+Z: case 7\n$`),
  )
  const json = await as('otto', 'holds', 'list', '--json')
  expect(JSON.parse(json.out)).toMatchObject({ holds: [{ id, session, reason: 'case 7' }] })
  const released = await as('otto', 'holds', 'release', id, '--reason', 'settled')
  expect(released.out).toContain(`released: ${id}`)
  expect(await world.holds.list()).toEqual([])
})

test('what somebody wrote as a reason cannot disguise what stands beside it', async () => {
  await as('otto', 'holds', 'set', '--everything', '--reason', 'a\u001B[2Kb\u202Ec')
  const { out } = await as('otto', 'holds', 'list')
  expect(out).toContain('everything, by')
  for (const hidden of ['\u001B', '\u202E']) expect(out).not.toContain(hidden)
})

test('erases a session, or all of somebody', async () => {
  await world.session('ana', 1)
  const one = await as('petra', 'erase', '--session', session, '--reason', 'ticket 7')
  expect(one).toEqual({ code: 0, err: '', out: 'erased: 1 key destroyed\n' })
  const all = await as('petra', 'erase', '--principal', ISSUER, 'ana', '--reason', 'x', '--json')
  expect(JSON.parse(all.out)).toEqual({ keys: [expect.stringMatching(/\.1$/)] })
})

test('says why nothing was erased', async () => {
  await as('otto', 'holds', 'set', '--principal', ISSUER, 'ana', '--reason', 'case 7')
  const held = await as('petra', 'erase', '--session', session, '--reason', 'ticket 7')
  expect(held).toMatchObject({ code: 1, out: '' })
  expect(held.err).toContain('nothing was erased: it is on hold')
  expect(await world.secrets.find(`${session}.1`)).toBeDefined()
  const denied = await as('otto', 'erase', '--session', session, '--reason', 'ticket 7')
  expect(denied.err).toContain('records-managers')
})

test.each([
  ['holds', 'set', '--reason', 'x'],
  ['holds', 'set', '--session', 'a', '--everything', '--reason', 'x'],
  ['holds', 'set', '--session', 'a'],
  ['holds', 'release', 'a'],
  ['erase', '--reason', 'x'],
  ['erase', '--session', 'a', '--principal', 'i', 's', '--reason', 'x'],
  ['erase', '--principal', 'i', '--reason', 'x'],
  ['erase', '--session', 'a'],
])('wrong usage asks nobody for anything: %s %s %s %s', async (...args) => {
  expect((await as('petra', ...args)).code).toBe(2)
  expect(world.store.stored()).toEqual([])
})
