import { beforeAll, describe, expect, test } from 'vitest'

import { findLeaf } from '../../../../shared/recording/log/find-leaf.ts'
import { manifestPath } from '../../../../shared/recording/log/log-paths.ts'
import { proveEntry } from '../../../../shared/recording/log/prove-entry.ts'
import { leavesBetween } from '../../../../shared/recording/log/read-log.ts'
import { seal } from '../../../../shared/recording/log/seal.ts'
import { usualLimits } from '../../../../shared/recording/log/sealed-log.ts'
import { leafHash } from '../../../../shared/tlog/hash.ts'
import { verifyInclusion } from '../../../../shared/tlog/verify-inclusion.ts'
import { checkpointIn, publishedLeaves } from '../../../support/sealed-leaves.ts'
import {
  START,
  type SealingWorld,
  openedWriter,
  sealingWorld,
  someEntry,
} from '../../../support/sealing-world.ts'

const C = START * 1000
const LATE = { id: 'late', committedAt: C + 3_000_500 }

let world: SealingWorld
let size: number
let root: Uint8Array
let leaves: Awaited<ReturnType<typeof publishedLeaves>>

/** Forty batches, in one of which something is late, and in several nothing at all. */
beforeAll(async () => {
  world = sealingWorld()
  const log = { ...world.sealer(), limits: { ...usualLimits, heartbeatMs: 0 } }
  const writer = await openedWriter(world, C)
  for (let batch = 0; batch < 40; batch += 1) {
    for (let n = 0; n < (batch % 7) * 8; n += 1)
      world.store.keep(
        someEntry(writer, `e${batch}.${n}`, world.now),
        // Several have one commit time.
        world.now * 1000 + Math.floor(n / 3),
      )
    if (batch === 20) world.store.keep(someEntry(writer, LATE.id, world.now), LATE.committedAt)
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    await seal(log)
    world.now += 1_000
  }
  ;({ size, root } = checkpointIn(world.objects.stored.get('checkpoint')))
  leaves = await publishedLeaves(world.objects)
})

describe('the leaf of an entry', () => {
  test('is found and proved for everything that is stored', async () => {
    let lateFound = 0
    for (const { id, committedAt } of world.store.raw.values()) {
      // oxlint-disable-next-line no-await-in-loop -- one by one
      const proved = await proveEntry({ objects: world.objects, size }, { id, committedAt })
      if (proved === undefined) throw new Error(`not found: ${id}`)
      const { index, bytes, proof, leaf } = proved
      expect(leaf.i).toBe(id)
      expect(bytes).toEqual(leaves[index]?.bytes)
      const included = verifyInclusion({ index, size, leafHash: leafHash(bytes), root }, proof)
      expect(included.ok).toBe(true)
      if (id === LATE.id) lateFound = index
    }
    expect(lateFound).toBeGreaterThan(leaves.findIndex(({ leaf }) => leaf.i === 'e18.0'))
  })

  test('is not found for what is not sealed, or was committed at another time', async () => {
    const log = { objects: world.objects, size }
    const find = (id: string, committedAt: number) => findLeaf(log, { id, committedAt })
    expect(await find('nobody', C)).toBeUndefined()
    expect(await find('nobody', C + 10_000_001)).toBeUndefined()
    expect(await find('nobody', C * 2)).toBeUndefined()
    expect(await find('batch~40', C)).toBeUndefined()
    expect(await find('e39.0', C + 500_000)).toBeUndefined()
  })

  test('takes a few reads, however many batches there are', async () => {
    let reads = 0
    const objects = {
      read: (path: string) => {
        reads += 1
        return world.objects.read(path)
      },
    }
    const raw = world.store.raw.get('e17.3')
    await findLeaf({ objects, size }, { id: 'e17.3', committedAt: raw?.committedAt ?? 0 })
    expect(reads).toBeLessThan(12)
  })

  test('is found at an earlier size too, also when nobody keeps its partial tiles any more', async () => {
    const note = world.objects.replaced[6]
    const earlier = checkpointIn(note)
    const stored = new Map(
      [...world.objects.stored].filter(([path]) => !/^tile\/(?:0|entries)\/000\.p\//.test(path)),
    )
    const objects = { read: async (path: string) => stored.get(path) }
    const raw = world.store.raw.get('e3.1')
    const entry = { id: 'e3.1', committedAt: raw?.committedAt ?? 0 }
    const proved = await proveEntry({ objects, size: earlier.size }, entry)
    if (proved === undefined) throw new Error('not found')
    const of = { index: proved.index, ...earlier, leafHash: leafHash(proved.bytes) }
    expect(verifyInclusion(of, proved.proof).ok).toBe(true)
  })

  test('is not guessed where a manifest or a bundle is not there, or is another', async () => {
    const without = (missing: string, bytes?: Buffer) => ({
      size,
      objects: {
        read: (path: string) =>
          path === missing ? Promise.resolve(bytes) : world.objects.read(path),
      },
    })
    const entry = { id: 'e3.1', committedAt: world.store.raw.get('e3.1')?.committedAt ?? 0 }
    const bundle = 'tile/entries/000'
    await expect(findLeaf(without(bundle), entry)).rejects.toThrow(bundle)
    await expect(findLeaf(without(bundle, Buffer.alloc(9)), entry)).rejects.toThrow(bundle)
    const manifest = manifestPath(3)
    await expect(findLeaf(without(manifest), entry)).rejects.toThrow(manifest)
    await expect(findLeaf(without(manifest, Buffer.from('{}\n')), entry)).rejects.toThrow(manifest)
  })
})

test.each([
  [0, 0],
  [0, 1],
  [255, 257],
  [250, 700],
  [700, 701],
])('leaves between %i and %i are those, in their order', async (from, to) => {
  const found = []
  for await (const leaf of leavesBetween(world.objects, { from, to, size })) found.push(leaf)
  expect(found).toEqual(
    leaves.slice(from, to).map(({ bytes }, place) => ({ index: from + place, bytes })),
  )
})
