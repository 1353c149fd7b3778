import { hash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'

import { describe, expect, test } from 'vitest'

import { encodeEntry, stampEntry } from '../../../../shared/recording/encode-entry.ts'
import { seal } from '../../../../shared/recording/log/seal.ts'
import { type ClassesOf, usualLimits } from '../../../../shared/recording/log/sealed-log.ts'
import { emptyRange, extendRange, rootOf } from '../../../../shared/tlog/compact-range.ts'
import { leafHash } from '../../../../shared/tlog/hash.ts'
import { checkpointIn, publishedLeaves, wrongWithLog } from '../../../support/sealed-leaves.ts'
import {
  START,
  type SealingWorld,
  openedWriter,
  sealingWorld,
  someEntry,
} from '../../../support/sealing-world.ts'

const C = START * 1000

const ids = async ({ objects }: SealingWorld) =>
  (await publishedLeaves(objects)).map(({ leaf }) => leaf.i)

const classesOf: ClassesOf = async (entries) =>
  entries.map(({ raw }) => (raw.id === 'b' ? 'research' : 'default'))

/** A sealer whose own writer is sealed already, so that nothing of it is in the batches a test looks at. */
async function begun(changed?: Parameters<SealingWorld['sealer']>[0]) {
  const world = sealingWorld()
  const log = world.sealer(changed)
  await seal(log)
  await seal(log)
  world.now += 300_000
  const writer = await openedWriter(world, world.now * 1000)
  await seal(log)
  world.now += 300_000
  return { world, log, writer, at: world.now * 1000 }
}

const lastManifest = async (log: Parameters<typeof seal>[0]) => {
  const { batches } = await seal(log)
  const [batch] = batches
  if (batch === undefined || batches.length > 1) throw new Error(`${batches.length} batches`)
  return batch.manifest
}

describe('a run', () => {
  test('seals in the order of commit times, then ids, with the manifest last', async () => {
    const { world, log, writer, at } = await begun()
    for (const [id, late] of [
      ['b', 2],
      ['d', 1],
      ['a', 2],
      ['c', 3],
    ] as const)
      world.store.keep(someEntry(writer, id, world.now), at + late)
    const before = await ids(world)
    const manifest = await lastManifest(log)
    expect(await ids(world)).toEqual([...before, 'd', 'a', 'b', 'c', manifest.id])
    expect(manifest).toMatchObject({ from: before.length, size: before.length + 5, until: at + 3 })
    expect(manifest).toMatchObject({ late: [], invalid: [], missing: [] })
    expect(await wrongWithLog(world.objects)).toEqual([])
  })

  test('that finds nothing new seals nothing, but for a heartbeat every hour', async () => {
    const { world, log, at } = await begun()
    const { size } = checkpointIn(world.objects.stored.get('checkpoint'))
    expect(await seal(log)).toEqual({ batches: [], overtaken: false })
    world.now += 3_600_000 - 300_001
    expect((await seal(log)).batches).toEqual([])
    world.now += 1
    const manifest = await lastManifest(log)
    expect(manifest).toMatchObject({ from: size, size: size + 1, writers: [], archive: [] })
    expect(manifest.until).toBeLessThan(at)
    expect((await seal(log)).batches).toEqual([])
  })

  test('names in its manifest the root before it, and stores the manifest as it is sealed', async () => {
    const { world, log, writer, at } = await begun()
    world.store.keep(someEntry(writer, 'a', world.now), at)
    const manifest = await lastManifest(log)
    const leaves = await publishedLeaves(world.objects)
    const hashes = leaves.map(({ bytes }) => leafHash(bytes))
    const root = rootOf(extendRange(emptyRange, hashes.slice(0, -1)))
    expect(manifest.root).toBe(Buffer.from(root).toString('base64'))
    const stored = await world.store.get(manifest.id)
    expect(stored?.entry).toEqual(manifest)
    expect(leaves.at(-1)?.leaf).toMatchObject({
      i: manifest.id,
      k: 'sealed-batch',
      e: stored?.hash,
      c: manifest.at * 1000,
      n: stored?.stamp.stamp.number,
    })
  })

  test('cuts what is much into batches, never within one commit time', async () => {
    const limits = { ...usualLimits, batch: { entries: 3, bytes: 1_000_000 } }
    const { world, log, writer, at } = await begun({ limits })
    for (const [n, late] of [0, 1, 2, 2, 2, 3, 4].entries())
      world.store.keep(someEntry(writer, `e${n}`, world.now), at + late)
    const { batches } = await seal(log)
    expect(batches.map(({ manifest }) => manifest.size - manifest.from - 1)).toEqual([5, 2])
    expect(batches.map(({ manifest }) => manifest.until)).toEqual([at + 2, at + 4])
    const small = { ...log, limits: { ...limits, batch: { entries: 100, bytes: 1 } } }
    for (const n of [7, 8]) world.store.keep(someEntry(writer, `e${n}`, world.now), at + n)
    expect((await seal(small)).batches).toHaveLength(2)
    expect(await wrongWithLog(world.objects)).toEqual([])
  })

  test('seals late what is seen late, and says so', async () => {
    const { world, log, writer, at } = await begun()
    world.store.keep(someEntry(writer, 'soon', world.now), at)
    const { size, until } = await lastManifest(log)
    expect(until).toBe(at)
    world.store.keep(someEntry(writer, 'late', world.now), at - 119_000_000)
    world.store.keep(someEntry(writer, 'at once', world.now), at)
    const manifest = await lastManifest(log)
    expect((await ids(world)).slice(size, -1)).toEqual(['late', 'at once'])
    expect(manifest).toMatchObject({ late: [size], until: at })
    expect((await seal(log)).batches).toEqual([])
  })

  test('archives every entry by its class, and what is none as it was found', async () => {
    const { world, log, writer, at } = await begun()
    const all = ['a', 'b', 'c'].map((id) => someEntry(writer, id, world.now))
    for (const [n, stored] of all.entries()) world.store.keep(stored, at + n)
    const junk = {
      id: 'junk',
      committedAt: at + 9,
      bytes: Buffer.of(255),
      stamp: 'x',
      signature: Buffer.of(1),
      ciphertext: undefined,
    }
    world.store.put(junk)
    const manifest = await lastManifest({ ...log, classesOf })
    const { batch, from, archive } = manifest
    const name = `${String(batch).padStart(10, '0')}.ndjson.gz`
    expect(archive.map(({ path, entries }) => [path, entries])).toEqual([
      [`archive/default/${name}`, 2],
      [`archive/research/${name}`, 1],
      [`archive/invalid/${name}`, 1],
    ])
    const linesOf = (path: string): readonly unknown[] => {
      const bytes = world.objects.stored.get(path) ?? Buffer.alloc(0)
      expect(hash('sha256', bytes, 'hex')).toBe(archive.find((each) => each.path === path)?.sha256)
      const text = gunzipSync(bytes).toString()
      return text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line))
    }
    const [, b] = all
    expect(linesOf(`archive/research/${name}`)).toEqual([
      {
        t: 'entry',
        index: from + 1,
        entry: b?.bytes.toString(),
        stamp: world.store.raw.get('b')?.stamp,
        signature: b?.stamp.signature.toString('base64'),
        committed: at + 1,
      },
    ])
    expect(linesOf(`archive/invalid/${name}`)).toMatchObject([
      { t: 'leaf', index: from + 3, why: 'invalid', found: { bytes: '/w==', signature: 'AQ==' } },
    ])
    expect(manifest.invalid).toEqual([from + 3])
  })

  test('says which numbers of a writer are missing until they come or a gap names them', async () => {
    const { world, log, writer, at } = await begun()
    const [one, two, three] = ['one', 'two', 'three'].map((id) => someEntry(writer, id, world.now))
    if (one === undefined || two === undefined || three === undefined) throw new Error('no entries')
    world.store.keep(three, at)
    const heads = (number: number) => [
      { writer: writer.id, number, stamp: expect.anything() as unknown },
    ]
    expect(await lastManifest(log)).toMatchObject({
      writers: heads(3),
      missing: [
        { writer: writer.id, number: 1 },
        { writer: writer.id, number: 2 },
      ],
    })
    world.store.keep(one, at + 1)
    const stillMissing = { writers: heads(3), missing: [{ writer: writer.id, number: 2 }] }
    expect(await lastManifest(log)).toMatchObject(stillMissing)
    writer.missed(two.stamp, 'unknown')
    const id = `writer~${writer.id}~gap~4`
    const missed = writer.takeMissed()
    const gap = { v: 1, type: 'writer-gap', id, at: START, writer: writer.id, missed } as const
    world.store.keep(stampEntry(writer, encodeEntry(gap)), at + 2)
    expect(await lastManifest(log)).toMatchObject({ writers: heads(4), missing: [] })
  })

  test('takes no gap from anybody but the writer it is about', async () => {
    const { world, log, writer, at } = await begun()
    someEntry(writer, 'never stored', world.now)
    world.store.keep(someEntry(writer, 'two', world.now), at)
    const other = await openedWriter(world, at + 1)
    const id = `writer~${writer.id}~gap~3`
    const missed = [{ number: 1, stamp: '', reason: 'unknown' }] as const
    const gap = { v: 1, type: 'writer-gap', id, at: START, writer: writer.id, missed } as const
    world.store.keep(stampEntry(other, encodeEntry(gap)), at + 2)
    expect((await lastManifest(log)).missing).toEqual([{ writer: writer.id, number: 1 }])
  })

  test('forgets writers whose certificates are over, and no others', async () => {
    const { world, log, writer, at } = await begun()
    world.store.keep(someEntry(writer, 'a', world.now), at)
    await seal(log)
    const known = async () =>
      ((await world.state.read())?.bytes.toString() ?? '').includes(writer.id)
    world.now += 24 * 3_600_000
    const next = await openedWriter(world, world.now * 1000)
    await seal(log)
    expect(await known()).toBe(true)
    world.now += 2 * 3_600_000
    world.store.keep(someEntry(next, 'b', world.now), world.now * 1000)
    await seal(log)
    expect(await known()).toBe(false)
    world.store.keep(someEntry(writer, 'too late', world.now), world.now * 1000)
    world.now += 10_001
    expect((await lastManifest(log)).invalid).toHaveLength(1)
  })

  test('begins with the whole store where nothing was sealed before', async () => {
    const world = sealingWorld()
    const writer = await openedWriter(world, C)
    world.store.keep(someEntry(writer, 'old', START), C + 1)
    world.store.keep(someEntry(writer, 'new', START), C + 3_600_000_000)
    world.now += 7_200_000
    await seal(world.sealer())
    expect(await ids(world)).toEqual([`writer~${writer.id}~opened`, 'old', 'new', 'batch~0'])
  })

  test('waits for the opening of a writer whose entry is seen before it, and no longer than that', async () => {
    const { world, log, at } = await begun()
    const writer = await openedWriter(world, at, at + 5_000_000)
    world.store.keep(someEntry(writer, 'before it', world.now), at + 1)
    const stranger = await openedWriter(world, at, Infinity)
    world.store.keep(someEntry(stranger, 'of nobody', world.now), at + 2)
    expect((await seal(log)).batches).toEqual([])
    world.now += 5_000
    const opened = await lastManifest(log)
    expect((await ids(world)).slice(opened.from, -1)).toEqual([
      `writer~${writer.id}~opened`,
      'before it',
    ])
    expect(opened.invalid).toEqual([])
    expect((await seal(log)).batches).toEqual([])
    world.now += 5_001
    const judged = await lastManifest(log)
    expect((await ids(world)).slice(judged.from, -1)).toEqual(['of nobody'])
    expect(judged).toMatchObject({ invalid: [judged.from], late: [] })
  })

  test('reads again from what waits, however much is sealed meanwhile', async () => {
    const limits = { ...usualLimits, overlapMs: 1_000 }
    const { world, log, at, writer } = await begun({ limits })
    const unseen = await openedWriter(world, at, at + 9_000_000)
    world.store.keep(someEntry(unseen, 'waits', world.now), at + 1)
    for (let n = 0; n < 9; n += 1) {
      world.store.keep(someEntry(writer, `e${n}`, world.now), world.now * 1000 + 2)
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other
      expect(await lastManifest(log)).toMatchObject({ invalid: [] })
      world.now += 1_000
    }
    const { from, size, invalid, late } = await lastManifest(log)
    expect((await ids(world)).slice(from, -1)).toEqual([`writer~${unseen.id}~opened`, 'waits'])
    expect({ invalid, late }).toEqual({ invalid: [], late: [from, size - 2] })
  })
})
