import { afterAll, afterEach, expect, test } from 'vitest'

import { seal } from '../../../../shared/recording/log/seal.ts'
import { bucketWorld } from '../../../support/bucket-world.ts'
import { wrongWithLog } from '../../../support/sealed-leaves.ts'
import {
  type SealingWorld,
  openedWriter,
  sealingWorld,
  someEntry,
} from '../../../support/sealing-world.ts'
import { errorReply } from '../../../support/stub-replies.ts'

const bucket = await bucketWorld()
const { storage, newPlace, objectsIn } = bucket
afterEach(() => {
  storage.fail()
  storage.retentionMs = 0
})
afterAll(() => storage.close())

const DAY_MS = 86_400_000

/** Everything that is kept back in a bucket for a log, but what has to change. */
const options = {
  timeoutMs: 5000,
  retainUntil: (path: string) =>
    path === 'checkpoint' || path.startsWith('staging/') ? undefined : storage.now + DAY_MS,
}

/** What is wrong with the log in a place, seen by somebody who reads its objects. */
function wrongIn(place: string) {
  const prefix = `${place.slice('acme-log/'.length)}/`
  const stored = new Map(
    [...storage.objects]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { bytes }]) => [name.slice(prefix.length), bytes]),
  )
  const read = async (path: string) => stored.get(path)
  return { stored, wrong: () => wrongWithLog({ ...objectsIn(place), stored, read, replaced: [] }) }
}

async function write(world: SealingWorld, entries: number) {
  const writer = await openedWriter(world, world.now * 1000)
  for (let n = 0; n < entries; n += 1)
    world.store.keep(someEntry(writer, `${writer.id} ${n}`, world.now), world.now * 1000 + n)
  world.now += 60_000
}

test('a log is sealed into a bucket whose objects are kept back', async () => {
  const [world, place] = [sealingWorld(), newPlace()]
  const log = world.sealer({ objects: objectsIn(place, options) })
  for (const entries of [3, 300, 5]) {
    // oxlint-disable-next-line no-await-in-loop -- a batch follows the one before
    await write(world, entries)
    // oxlint-disable-next-line no-await-in-loop
    expect((await seal(log)).batches).toHaveLength(1)
  }
  const { stored, wrong } = wrongIn(place)
  expect(await wrong()).toEqual([])
  const paths = [...stored.keys()]
  expect(paths.filter((path) => path.startsWith('checkpoints/'))).toHaveLength(3)
  expect(paths.filter((path) => path.startsWith('staging/'))).toEqual([])
  await expect(log.objects.remove('tile/0/000')).rejects.toThrow('its retention is not over')
})

test('a run that the bucket fails is finished by the next one', async () => {
  const [world, place] = [sealingWorld(), newPlace()]
  const log = world.sealer({ objects: objectsIn(place, { ...options, pausesMs: [] }) })
  await write(world, 10)
  let failed = 0
  for (let failing = 1; failing < 30; failing += 1) {
    let asked = 0
    storage.fail((_request, usual) => {
      asked += 1
      return asked % failing === 0 ? errorReply(503, 'backendError', 'busy') : usual()
    })
    // oxlint-disable-next-line no-await-in-loop -- each run goes on where the one before failed
    await seal(log).catch(() => (failed += 1))
  }
  expect(failed).toBeGreaterThan(3)
  storage.fail()
  await seal(log)
  expect(await wrongIn(place).wrong()).toEqual([])
})

test('a bucket with a retention policy of its own stops it until that is lifted, and takes nothing', async () => {
  const [world, place] = [sealingWorld(), newPlace()]
  const log = world.sealer({ objects: objectsIn(place, { timeoutMs: 5000 }) })
  storage.retentionMs = DAY_MS
  await write(world, 3)
  await seal(log)
  await write(world, 3)
  const stopped = 'cloud storage does not replace `checkpoint`: its retention is not over'
  await expect(seal(log)).rejects.toThrow(stopped)
  await expect(seal(log)).rejects.toThrow(stopped)
  storage.retentionMs = 0
  await write(world, 3)
  expect((await seal(log)).batches).toHaveLength(1)
  expect(await wrongIn(place).wrong()).toEqual([])
})

test('sealers at once make one log in a bucket', async () => {
  const [world, place] = [sealingWorld(), newPlace()]
  const logs = [1, 2, 3].map(() => world.sealer({ objects: objectsIn(place, options) }))
  for (let n = 0; n < 5; n += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a batch follows the one before
    await write(world, 4)
    // oxlint-disable-next-line no-await-in-loop
    await Promise.allSettled(logs.map(seal))
  }
  await seal(world.sealer({ objects: objectsIn(place, options) }))
  expect(await wrongIn(place).wrong()).toEqual([])
})
