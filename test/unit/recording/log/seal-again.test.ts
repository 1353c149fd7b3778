import { describe, expect, test } from 'vitest'

import { seal } from '../../../../shared/recording/log/seal.ts'
import type { SealedLog } from '../../../../shared/recording/log/sealed-log.ts'
import { stampHash, stampMessage } from '../../../../shared/recording/stamp.ts'
import { guarantee } from '../../../support/guarantee.ts'
import { checkpointIn, publishedLeaves, wrongWithLog } from '../../../support/sealed-leaves.ts'
import {
  START,
  type SealingWorld,
  openedWriter,
  sealingWorld,
  someEntry,
} from '../../../support/sealing-world.ts'

const C = START * 1000
const down = () => Promise.reject(new Error('unavailable'))

async function withEntries(count: number) {
  const world = sealingWorld()
  const writer = await openedWriter(world, C)
  for (let n = 0; n < count; n += 1) world.store.keep(someEntry(writer, `e${n}`, START), C + 1 + n)
  return { world, writer, log: world.sealer() }
}

const newest = ({ objects }: SealingWorld) => objects.stored.get('checkpoint')
const staged = ({ objects }: SealingWorld) =>
  [...objects.stored.keys()].filter((path) => path.startsWith('staging/'))

describe('a run that dies', () => {
  test.each(['tile/', 'archive/', 'manifests/', 'checkpoints/'])(
    'before it creates anything under %s leaves what the next one finishes',
    async (prefix) => {
      const { world, log } = await withEntries(5)
      const dying: SealedLog = {
        ...log,
        objects: {
          ...world.objects,
          create: (path, bytes) =>
            path.startsWith(prefix) ? down() : world.objects.create(path, bytes),
        },
      }
      await expect(seal(dying)).rejects.toThrow('unavailable')
      expect(newest(world)).toBeUndefined()
      expect(staged(world)).toHaveLength(1)
      await seal(world.sealer())
      const { leaf } = (await publishedLeaves(world.objects))[6] ?? {}
      expect(leaf?.i).toBe('batch~0')
      expect(staged(world)).toEqual([])
      expect(await world.store.get('batch~0')).toBeDefined()
      expect(await wrongWithLog(world.objects)).toEqual([])
    },
  )

  test('before the manifest is stored leaves it to the next one, as it was sealed', async () => {
    const { world, log } = await withEntries(2)
    const entries: SealedLog['entries'] = {
      committed: world.store.committed,
      create: (stored) =>
        stored.entry.type === 'sealed-batch' ? down() : world.store.create(stored),
    }
    await expect(seal({ ...log, entries })).rejects.toThrow('unavailable')
    expect(newest(world)).toBeUndefined()
    await seal(world.sealer())
    const stored = await world.store.get('batch~0')
    const { leaf } = (await publishedLeaves(world.objects))[3] ?? {}
    expect(leaf).toMatchObject({ i: 'batch~0', e: stored?.hash })
    expect(leaf?.s).toBe(stored && stampHash(stampMessage(stored.stamp.stamp)))
  })

  test('before the checkpoint is replaced keeps the one that was signed', async () => {
    const { world, log } = await withEntries(2)
    await expect(seal({ ...log, objects: { ...world.objects, replace: down } })).rejects.toThrow(
      'unavailable',
    )
    const [[, note] = []] = [...world.objects.stored].filter(([path]) =>
      path.startsWith('checkpoints/'),
    )
    await seal(world.sealer())
    expect(world.objects.replaced[0]).toEqual(note)
  })

  test('while it signs publishes nothing, and nothing is signed that does not count', async () => {
    const { world, log } = await withEntries(2)
    const { ed25519, p256 } = log.signers
    const signers = { ed25519, p256: { ...p256, sign: down } }
    await expect(seal({ ...log, signers })).rejects.toThrow('unavailable')
    expect(newest(world)).toBeUndefined()
    expect([...world.objects.stored.keys()].some((path) => path.startsWith('checkpoints/'))).toBe(
      false,
    )
    const [path = ''] = staged(world)
    expect(world.objects.stored.get(path)?.includes('—')).toBe(false)
    await seal(world.sealer())
    expect(checkpointIn(newest(world)).size).toBeGreaterThan(3)
  })

  test('when its objects cannot be taken away has published all the same', async () => {
    const { world, log } = await withEntries(2)
    await seal({ ...log, objects: { ...world.objects, remove: down } })
    expect(checkpointIn(newest(world)).size).toBe(4)
    expect(staged(world)).toHaveLength(1)
    await seal(world.sealer())
    expect(await wrongWithLog(world.objects)).toEqual([])
  })
})

describe('of two runs at once', () => {
  test('one counts, and the other one says that a number of its writer is lost', async () => {
    const { world, log } = await withEntries(3)
    const other = world.sealer()
    const state: SealedLog['state'] = {
      read: world.state.read,
      // The other one seals between reading and writing.
      write: async (bytes, version) => {
        await seal(other)
        return world.state.write(bytes, version)
      },
    }
    expect(await seal({ ...log, state })).toEqual({ batches: [], overtaken: true })
    expect(staged(world)).toEqual([])
    const gaps = [...world.store.raw.keys()].filter((id) => id.includes('~gap~'))
    expect(gaps).toHaveLength(1)
    await seal(other)
    const leaves = (await publishedLeaves(world.objects)).map(({ leaf }) => leaf)
    expect(leaves.filter(({ i }) => i === 'e1')).toHaveLength(1)
    const { batches } = await seal(world.sealer())
    expect(batches.at(-1)?.manifest.missing ?? []).toEqual([])
    expect(await wrongWithLog(world.objects)).toEqual([])
  })

  test.each([
    ['is not answered', down],
    ['is refused, as it had been asked twice', async () => false],
  ])('a write that was done and %s counts', async (_, answer) => {
    const { world, log } = await withEntries(3)
    const state: SealedLog['state'] = {
      read: world.state.read,
      write: async (bytes, version) => {
        await world.state.write(bytes, version)
        return answer()
      },
    }
    const { batches } = await seal({ ...log, state })
    expect(batches).toHaveLength(1)
    expect(checkpointIn(newest(world)).size).toBe(5)
    expect([...world.store.raw.keys()].some((id) => id.includes('~gap~'))).toBe(false)
  })

  test('a write that nobody knows of is told as a gap that may not be one', async () => {
    const { world, log } = await withEntries(3)
    await expect(seal({ ...log, state: { ...world.state, write: down } })).rejects.toThrow(
      'unavailable',
    )
    const gap = [...world.store.raw.values()].find(({ id }) => id.includes('~gap~'))
    expect(JSON.parse(gap?.bytes.toString() ?? '{}')).toMatchObject({
      missed: [{ reason: 'unknown' }],
    })
    await seal(world.sealer())
    expect(await wrongWithLog(world.objects)).toEqual([])
  })

  test('the slower one does not put an older checkpoint over the newer', async () => {
    const { world, log } = await withEntries(3)
    const other = world.sealer()
    const objects: SealedLog['objects'] = {
      ...world.objects,
      create: async (path, bytes) => {
        const created = await world.objects.create(path, bytes)
        if (path.startsWith('checkpoints/')) await seal(other)
        return created
      },
    }
    await seal({ ...log, objects })
    const sizes = world.objects.replaced.map((note) => checkpointIn(note).size)
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
    expect(sizes.length).toBeGreaterThan(1)
  })
})

test('who writes an entry under the id of a manifest does not stop the log, and is found out', async () => {
  const { world, writer, log } = await withEntries(1)
  world.store.keep(someEntry(writer, 'batch~0', START), C + 50)
  const { batches } = await seal(log)
  expect(batches.map(({ manifestTaken }) => manifestTaken)).toEqual([true])
  const leaves = (await publishedLeaves(world.objects)).map(({ leaf }) => leaf)
  expect(leaves.slice(2).map(({ i, k }) => [i, k])).toEqual([
    ['batch~0', 'configuration-changed'],
    ['batch~0', 'sealed-batch'],
  ])
  expect((await seal(log)).batches.map(({ manifestTaken }) => manifestTaken)).toEqual([false])
})

const sealedTwice = async () => {
  const { world, writer, log } = await withEntries(3)
  await seal(log)
  const old = await world.state.read()
  world.store.keep(someEntry(writer, 'more', START), C + 100)
  await seal(log)
  if (old === undefined) throw new Error('no state')
  return { world, writer, old }
}

const unchanged = async (world: SealingWorld, words: string, changed?: Partial<SealedLog>) => {
  const before = new Map(world.objects.stored)
  const writes = world.state.writes()
  await expect(seal(world.sealer(changed))).rejects.toThrow(words)
  expect(new Map(world.objects.stored)).toEqual(before)
  expect(world.state.writes()).toBe(writes)
}

describe('no run goes on', () => {
  guarantee('log-only-grows', async () => {
    const { world, old } = await sealedTwice()
    const state = { ...world.state, read: async () => old }
    await unchanged(world, 'their state was rolled back', { state })
  })

  test('after its state was lost', async () => {
    const { world } = await sealedTwice()
    const state = { ...world.state, read: async () => undefined }
    await unchanged(world, 'their state was rolled back', { state })
  })

  test('where what is published is another log of that size, or of a smaller one', async () => {
    const { world } = await sealedTwice()
    const other = await sealedTwice()
    const mine = newest(world)
    world.objects.replace('checkpoint', newest(other.world) ?? Buffer.alloc(0)).catch(() => {})
    await unchanged(world, 'no beginning of the log')
    const [smaller = Buffer.alloc(0)] = other.world.objects.replaced
    await world.objects.replace('checkpoint', smaller)
    await expect(seal(world.sealer())).rejects.toThrow('no beginning of the log')
    await world.objects.replace('checkpoint', mine ?? Buffer.alloc(0))
    await expect(seal(world.sealer())).resolves.toBeDefined()
  })

  test('where what is published is no checkpoint', async () => {
    const { world } = await sealedTwice()
    await world.objects.replace('checkpoint', Buffer.from('hello\n'))
    await unchanged(world, 'no checkpoint')
  })

  test('where another object is under a path of the batch, and it says which', async () => {
    const { world, log } = await withEntries(3)
    await world.objects.create('tile/entries/000.p/5', Buffer.from('not ours'))
    await expect(seal(log)).rejects.toThrow('`tile/entries/000.p/5`')
    await expect(seal(world.sealer())).rejects.toThrow('`tile/entries/000.p/5`')
    expect(newest(world)).toBeUndefined()
  })

  test('where the tiles are not those of its state', async () => {
    const { world } = await sealedTwice()
    await world.objects.remove('tile/0/000.p/8')
    await expect(seal(world.sealer())).rejects.toThrow('not those of its sealers')
  })

  test('where a batch that counts is neither published nor staged', async () => {
    const { world, log } = await withEntries(2)
    const create: SealedLog['objects']['create'] = (path, bytes) =>
      path.startsWith('staging/') ? world.objects.create(path, bytes) : down()
    await expect(seal({ ...log, objects: { ...world.objects, create } })).rejects.toThrow(
      'unavailable',
    )
    await world.objects.remove(staged(world)[0] ?? '')
    await unchanged(world, 'not published, and not staged')
  })
})
