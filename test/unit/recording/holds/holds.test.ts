import { expect, test } from 'vitest'

import { registeredHolds } from '../../../../shared/adapters/registers/holds.ts'
import { principalKey } from '../../../../shared/identity/principal.ts'
import type { Entry, RequestEntry } from '../../../../shared/recording/entry.ts'
import { heldBy, holdableOf } from '../../../../shared/recording/holds/held-by.ts'
import type { Hold } from '../../../../shared/recording/holds/holds.ts'
import { releaseHold, setHold } from '../../../../shared/recording/holds/set-hold.ts'
import { recordedPrincipal } from '../../../../shared/recording/recorded-caller.ts'
import type { RecordScope } from '../../../../shared/recording/upkeep-entry.ts'
import { memoryRegisters } from '../../../support/memory-registers.ts'
import { recordingWorld } from '../../../support/recording-world.ts'
import { sampleRequest, sampleSession } from '../../../support/sample-entries.ts'

const ANA = sampleSession('ana')
const OWNER = principalKey(ANA.principal)
const by = recordedPrincipal(sampleSession('otto').principal)

function holdsWorld() {
  const world = recordingWorld()
  const holds = registeredHolds(memoryRegisters())
  const set = (scope: RecordScope) =>
    setHold(world.recorder, holds, { scope, by, reason: 'litigation' })
  const release = (id: string) =>
    releaseHold(world.recorder, holds, { id, by, reason: 'it is settled' })
  return { ...world, holds, set, release }
}

test('a hold is on the record with who set it and why, and in force until it is released', async () => {
  const world = holdsWorld()
  const first = await world.set({ session: ANA.id })
  const second = await world.set({ principal: OWNER })
  expect(await world.holds.list()).toEqual([first, second])
  expect(first).toMatchObject({ scope: { session: ANA.id }, reason: 'litigation' })
  expect(await world.release(first.id)).toEqual(first)
  expect(await world.release(first.id)).toBeUndefined()
  expect(await world.holds.list()).toEqual([second])
  const entries = [...world.store.ofType('hold-set'), ...world.store.ofType('hold-released')]
  expect(entries).toMatchObject([
    { id: `hold~${first.id}~set`, hold: first.id, by: { subject: 'otto' }, reason: 'litigation' },
    { id: `hold~${second.id}~set` },
    { id: `hold~${first.id}~released`, scope: { session: ANA.id }, reason: 'it is settled' },
  ])
})

test('what cannot be recorded is neither set nor released', async () => {
  const world = holdsWorld()
  const hold = await world.set({})
  world.store.failNext('before', { times: Infinity })
  await expect(world.set({ session: ANA.id })).rejects.toThrow('could not be recorded')
  await expect(world.release(hold.id)).rejects.toThrow('could not be recorded')
  expect(await world.holds.list()).toEqual([hold])
})

test('of holds that are set at once none is lost, and there are at most a thousand', async () => {
  const world = holdsWorld()
  await Promise.all(Array.from({ length: 20 }, () => world.set({})))
  expect(await world.holds.list()).toHaveLength(20)
  for (let n = 20; n < 1000; n += 1) await world.set({})
  await expect(world.set({})).rejects.toThrow('1000 holds')
  expect(await world.holds.list()).toHaveLength(1000)
}, 30_000)

const hold = (scope: RecordScope): Hold => ({ id: 'h', scope, by: 'x', reason: 'y', at: 1 })
const request = sampleRequest().entry as RequestEntry
const page = { type: 'outcome', session: ANA.id, call: request.call } as unknown as Entry
const opened = { type: 'writer-opened' } as unknown as Entry

test.each<readonly [string, RecordScope, Entry, RequestEntry | undefined, boolean]>([
  ['everything', {}, request, undefined, true],
  ['its session', { session: ANA.id }, request, undefined, true],
  ['its principal', { principal: OWNER }, request, undefined, true],
  ['both', { session: ANA.id, principal: OWNER }, request, undefined, true],
  ['another session', { session: 'x' }, request, undefined, false],
  ['another principal', { principal: 'x y' }, request, undefined, false],
  [
    'its session and another principal',
    { session: ANA.id, principal: 'x y' },
    request,
    undefined,
    false,
  ],
  ['the principal of the call, and it is an outcome', { principal: OWNER }, page, request, true],
  ['another principal, and it is an outcome', { principal: 'x y' }, page, request, false],
  ['somebody, and its request is not known', { principal: 'x y' }, page, undefined, true],
  [
    'somebody, and it is what others are verified with',
    { principal: 'x y' },
    opened,
    undefined,
    true,
  ],
])('a hold on %s', (_what, scope, entry, ofCall, isHeld) => {
  expect(heldBy(holdableOf(entry, ofCall), [hold(scope)])).toHaveLength(isHeld ? 1 : 0)
})
