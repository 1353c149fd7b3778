import { expect, test } from 'vitest'

import { releaseHold, setHold } from '../../../../shared/recording/holds/set-hold.ts'
import { recordedPrincipal } from '../../../../shared/recording/recorded-caller.ts'
import { guarantee } from '../../../support/guarantee.ts'
import { ANA, DAY, YEAR, retentionWorld } from '../../../support/retention-world.ts'
import { sampleSession } from '../../../support/sample-entries.ts'
import { publishedLeaves, wrongWithLog } from '../../../support/sealed-leaves.ts'

const PATIENTS = 'acme.hospital.patients'
const CLAIMS = 'acme.hospital.claims'
const TRIALS = 'acme.trials.phase2'
const by = recordedPrincipal(sampleSession('otto').principal)

/** One call of each class, and a refusal, sealed. */
async function oneOfEach() {
  const world = retentionWorld()
  const trials = await world.call(TRIALS)
  const patients = await world.call(PATIENTS)
  const claims = await world.call(CLAIMS)
  const refused = await world.refusal()
  world.later(DAY)
  await world.seal()
  return { ...world, trials, patients, claims, refused }
}

guarantee('deleted-is-said', async () => {
  const world = await oneOfEach()
  const before = await publishedLeaves(world.objects)
  world.later(95 * DAY)
  await world.apply()
  expect([...world.removed].toSorted()).toEqual([...world.trials, world.refused].toSorted())
  for (const id of [...world.patients, ...world.claims]) expect(world.has(id)).toBe(true)
  const indices = world.trials.map((id) => before.findIndex(({ leaf }) => leaf.i === id))
  const deleted = await world.ofType('retention-deleted')
  expect(deleted).toMatchObject([
    { class: 'trials', from: Math.min(...indices), to: Math.max(...indices), count: 2 },
    { class: 'refused', count: 1 },
  ])
  // The log is the one it was, and goes on.
  await world.seal()
  expect(await wrongWithLog(world.objects)).toEqual([])
  const after = await publishedLeaves(world.objects)
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.map(({ leaf }) => leaf.k)).toContain('retention-deleted')
})

test('every class goes in its time, and what says what went stays', async () => {
  const world = await oneOfEach()
  const gone = async (ms: number) => {
    world.later(ms)
    await world.apply()
    return world.removed.splice(0)
  }
  expect(await gone(20 * DAY)).toEqual([])
  expect(await gone(15 * DAY)).toEqual([world.refused])
  expect((await gone(60 * DAY)).toSorted()).toEqual([...world.trials].toSorted())
  expect((await gone(6 * YEAR)).toSorted()).toEqual([...world.patients].toSorted())
  const last = await gone(5 * YEAR)
  expect(last).toEqual(expect.arrayContaining(world.claims))
  // With the last of them goes what they were verified with.
  expect(last.filter((id) => id.startsWith('writer~')).length).toBeGreaterThan(0)
  const left = [...world.store.raw.keys()].map((id) => id.split('~')[0])
  expect(left).toEqual(expect.arrayContaining(['batch', 'retention']))
})

test('archives go with their class', async () => {
  const world = await oneOfEach()
  const classes = () =>
    world
      .archives()
      .map((path) => path.split('/')[1] ?? '')
      .toSorted()
  expect(classes()).toEqual(['claims', 'default', 'record', 'refused', 'trials'])
  world.later(95 * DAY)
  await world.apply()
  expect(classes()).toEqual(['claims', 'default', 'record'])
  world.later(7 * YEAR)
  await world.apply()
  expect(classes()).toEqual(['claims', 'record'])
  world.later(5 * YEAR)
  await world.apply()
  expect(classes()).toEqual([])
})

test('what was archived under a class that policy has no more is kept as long as anything', async () => {
  const world = await oneOfEach()
  world.knobs.retention = { ...world.knobs.retention, classes: [] }
  world.later(5 * YEAR)
  await world.apply()
  expect(world.archives().some((path) => path.startsWith('archive/trials/'))).toBe(true)
  world.later(2 * YEAR)
  await world.apply()
  expect(world.archives()).toEqual([])
})

guarantee('held-stays', async () => {
  for (const scope of [{}, { principal: ANA }, { session: sampleSession().id }]) {
    const world = await oneOfEach()
    const hold = await setHold(world.recorder, world.holds, { scope, by, reason: 'litigation' })
    world.later(95 * DAY)
    await world.apply()
    expect(world.removed).toEqual([])
    expect(await world.ofType('retention-deleted')).toEqual([])
    expect(world.archives().some((path) => path.startsWith('archive/trials/'))).toBe(true)
    await releaseHold(world.recorder, world.holds, { id: hold.id, by, reason: 'settled' })
    await world.apply()
    expect(world.removed).toEqual(expect.arrayContaining(world.trials))
    expect(world.archives().some((path) => path.startsWith('archive/trials/'))).toBe(false)
  }
})

test('a hold on somebody else’s keeps nothing of mine', async () => {
  const world = await oneOfEach()
  const bobs = await world.call(TRIALS, sampleSession('bob'))
  await world.seal()
  const scope = { session: sampleSession('bob').id }
  await setHold(world.recorder, world.holds, { scope, by, reason: 'litigation' })
  world.later(95 * DAY)
  await world.apply()
  expect(world.removed).toEqual(expect.arrayContaining(world.trials))
  for (const id of bobs) expect(world.has(id)).toBe(true)
})

test('a hold that is set while retention runs keeps what has not gone', async () => {
  const world = await oneOfEach()
  world.later(95 * DAY)
  const list = async () => {
    const before = await world.holds.list()
    if (before.length === 0)
      await setHold(world.recorder, world.holds, { scope: {}, by, reason: 'litigation' })
    return before
  }
  await world.apply({ holds: { list } })
  expect(world.removed).toEqual([])
})

test('what is not sealed is not deleted', async () => {
  const world = await oneOfEach()
  const late = await world.call(TRIALS)
  world.later(95 * DAY)
  await world.apply()
  for (const id of late) expect(world.has(id)).toBe(true)
  await world.seal()
  await world.apply()
  for (const id of late) expect(world.has(id)).toBe(false)
})

test('a call goes as a whole, counted from its end', async () => {
  const world = retentionWorld()
  const [request = ''] = await world.call(TRIALS, sampleSession(), true)
  await world.seal()
  world.later(200 * DAY)
  await world.apply()
  expect(world.has(request)).toBe(true)
})

test('what cannot be said is not done', async () => {
  const world = await oneOfEach()
  world.later(95 * DAY)
  const entries = { ...world.entries, create: () => Promise.reject(new Error('store is down')) }
  await expect(world.apply({ entries })).rejects.toThrow('could not be deleted')
  expect(world.removed).toEqual([])
  expect(world.archives().some((path) => path.startsWith('archive/trials/'))).toBe(true)
})

const killed = () => Promise.reject(new Error('killed'))

test('a run that died after it said so is finished by the next, which says nothing twice', async () => {
  const world = await oneOfEach()
  world.later(95 * DAY)
  await expect(world.apply({ remove: killed })).rejects.toThrow('could not be deleted')
  for (const id of world.trials) expect(world.has(id)).toBe(true)
  world.later(DAY)
  await world.apply()
  for (const id of world.trials) expect(world.has(id)).toBe(false)
  const deleted = await world.ofType('retention-deleted')
  expect(deleted.map((entry) => 'class' in entry && entry.class)).toEqual(['trials', 'refused'])
})

test('an archive that cannot be deleted is tried again, and keeps no other class from its turn', async () => {
  const world = await oneOfEach()
  world.later(95 * DAY)
  const remove = async (path: string) => {
    if (path.includes('/trials/')) throw new Error('under retention')
    await world.objects.remove(path)
  }
  const objects = { ...world.objects, remove }
  await expect(world.apply({ objects })).rejects.toThrow('could not be deleted')
  expect(world.archives().some((path) => path.startsWith('archive/refused/'))).toBe(false)
  expect(world.archives().some((path) => path.startsWith('archive/trials/'))).toBe(true)
  await world.apply()
  expect(world.archives().some((path) => path.startsWith('archive/trials/'))).toBe(false)
})

test('what was looked at is not looked at again, unless terms or holds are others', async () => {
  const world = await oneOfEach()
  world.later(40 * DAY)
  await world.apply()
  let reads = 0
  const entries = {
    ...world.entries,
    get: (id: string) => {
      reads += 1
      return world.entries.get(id)
    },
  }
  await world.apply({ entries })
  expect(reads).toBe(0)
  world.knobs.retention = { ...world.knobs.retention, defaultMs: 10 * DAY }
  await world.apply({ entries })
  for (const id of world.patients) expect(world.has(id)).toBe(false)
})
