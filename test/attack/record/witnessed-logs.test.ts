import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { tlogWitnesses } from '../../../shared/adapters/witness/tlog-witnesses.ts'
import { refusalText } from '../../../shared/adapters/witness/witness-refusal.ts'
import { seal } from '../../../shared/recording/log/seal.ts'
import { openCheckpoint } from '../../../shared/tlog/open-checkpoint.ts'
import { guarantee } from '../../support/guarantee.ts'
import { wrongWithLog } from '../../support/sealed-leaves.ts'
import {
  ORIGIN,
  type SealingWorld,
  logSigners,
  openedWriter,
  sealingWorld,
  someEntry,
} from '../../support/sealing-world.ts'
import { type TestWitness, startWitness } from '../../support/witness.ts'

let one: TestWitness
let two: TestWitness
beforeEach(async () => {
  const logs = [logSigners.ed25519.key]
  ;[one, two] = await Promise.all([
    startWitness({ name: 'witness.example/one', logs }),
    startWitness({ name: 'watcher.example/two', logs }),
  ])
})
afterEach(() => Promise.all([one.close(), two.close()]))

/** A sealer of a world whose policy names both witnesses, and what it says of those who do not cosign. */
function witnessed(world: SealingWorld, quorum: number) {
  const said: string[] = []
  const witnessesOf = tlogWitnesses({ onRefusal: (refusal) => said.push(refusalText(refusal)) })
  const witnesses = witnessesOf({ witnesses: [one.terms, two.terms], quorum })
  return { log: world.sealer({ witnesses }), said }
}

/** Writes so many entries and seals each in a batch of its own. */
async function grow(world: SealingWorld, log: Parameters<typeof seal>[0], batches: number) {
  const writer = await openedWriter(world, world.now * 1000)
  const sealed = []
  for (let n = 0; n < batches; n += 1) {
    world.now += 60_000
    world.store.keep(someEntry(writer, `${writer.id} ${n}`, world.now), world.now * 1000)
    // oxlint-disable-next-line no-await-in-loop -- a batch follows the one before
    sealed.push(...(await seal(log)).batches)
  }
  return sealed
}

/** Who cosigned what is published, by the names of their keys. */
function cosigners(world: SealingWorld, path = 'checkpoint'): readonly string[] {
  const opened = openCheckpoint(world.objects.stored.get(path) ?? Buffer.of(), {
    origin: ORIGIN,
    keys: [logSigners.ed25519.key, logSigners.p256.key],
    witnesses: [one.key, two.key],
  })
  if (!opened.ok) throw new Error(opened.error.problem)
  return opened.value.cosignatures.map(({ key }) => key.name)
}

const sizes = () => [one, two].map(({ heads }) => heads.get(ORIGIN)?.size)

describe('a log that two witnesses watch', () => {
  test('has the cosignatures of both on every checkpoint', async () => {
    const world = sealingWorld()
    const { log, said } = witnessed(world, 2)
    const sealed = await grow(world, log, 5)
    expect(sealed).toHaveLength(5)
    for (const { cosigned, quorumMissed } of sealed)
      expect({ cosigned, quorumMissed }).toEqual({ cosigned: 2, quorumMissed: false })
    const kept = [...world.objects.stored.keys()].filter((path) => path.startsWith('checkpoints/'))
    for (const path of kept) expect(cosigners(world, path)).toEqual([one.key.name, two.key.name])
    expect(cosigners(world)).toEqual([one.key.name, two.key.name])
    const size = sealed.at(-1)?.manifest.size
    expect(sizes()).toEqual([size, size])
    expect(await wrongWithLog(world.objects)).toEqual([])
    expect(said).toEqual([])
  })

  test('is published without a witness that is down, and says whether those are enough', async () => {
    for (const [quorum, quorumMissed] of [
      [1, false],
      [2, true],
    ] as const) {
      const world = sealingWorld()
      one.heads.clear()
      const { log, said } = witnessed(world, quorum)
      two.before = () => new Response('down', { status: 503 })
      // oxlint-disable-next-line no-await-in-loop -- one world after the other
      const [batch] = await grow(world, log, 1)
      expect(batch).toMatchObject({ cosigned: 1, quorumMissed })
      expect(cosigners(world)).toEqual([one.key.name])
      expect(said).toEqual([`the witness \`${two.key.name}\` did not cosign: status \`503\``])
    }
  })

  test('catches up with a witness that was down for a while', async () => {
    const world = sealingWorld()
    const { log } = witnessed(world, 2)
    await grow(world, log, 1)
    two.before = () => new Response('down', { status: 503 })
    expect((await grow(world, log, 2)).map(({ quorumMissed }) => quorumMissed)).toEqual([
      true,
      true,
    ])
    two.before = () => undefined
    expect((await grow(world, log, 1)).map(({ quorumMissed }) => quorumMissed)).toEqual([false])
    expect(cosigners(world)).toEqual([one.key.name, two.key.name])
  })

  test('is sealed by any number of sealers at once, whoever of them knows what the witnesses know', async () => {
    const world = sealingWorld()
    const logs = [witnessed(world, 2), witnessed(world, 2), witnessed(world, 2)]
    const writer = await openedWriter(world, world.now * 1000)
    for (let n = 0; n < 6; n += 1) {
      world.now += 60_000
      world.store.keep(someEntry(writer, `entry ${n}`, world.now), world.now * 1000)
      // oxlint-disable-next-line no-await-in-loop -- a batch follows the one before
      await Promise.allSettled(logs.map(({ log }) => seal(log)))
    }
    await seal(logs[0]?.log ?? world.sealer())
    expect(cosigners(world)).toEqual([one.key.name, two.key.name])
    expect(await wrongWithLog(world.objects)).toEqual([])
    expect(logs.flatMap(({ said }) => said).filter((text) => text.includes('changed'))).toEqual([])
  })
})

describe('somebody who has the keys of the log, its store and its objects', () => {
  test('cannot have a log cosigned that begins anew and is shorter, and it is said', async () => {
    const honest = sealingWorld()
    const sealed = await grow(honest, witnessed(honest, 2).log, 4)
    const size = sealed.at(-1)?.manifest.size

    const rolledBack = sealingWorld()
    const { log, said } = witnessed(rolledBack, 2)
    const [batch, ...more] = await grow(rolledBack, log, 1)
    expect(more).toEqual([])
    expect(batch).toMatchObject({ cosigned: 0, quorumMissed: true })
    expect(cosigners(rolledBack)).toEqual([])
    expect(said).toHaveLength(2)
    for (const text of said) expect(text).toContain('the log was rolled back')
    expect(sizes()).toEqual([size, size])
  })

  // Longer, without an entry that was there.
  guarantee('witnesses-heard', async () => {
    const honest = sealingWorld()
    const sealed = await grow(honest, witnessed(honest, 2).log, 2)
    const before = sizes()
    const size = sealed.at(-1)?.manifest.size

    const forked = sealingWorld()
    await grow(forked, forked.sealer(), 9)
    const { log, said } = witnessed(forked, 2)
    const [batch] = await grow(forked, log, 1)
    expect(batch).toMatchObject({ cosigned: 0, quorumMissed: true })
    expect(cosigners(forked)).toEqual([])
    expect(said).toHaveLength(2)
    for (const text of said) expect(text).toContain(`cosigned \`${size}\` leaves`)
    for (const text of said) expect(text).toContain('the log was changed')
    expect(sizes()).toEqual(before)
  })

  test('needs the quorum: a witness of their own is one of two', async () => {
    const honest = sealingWorld()
    await grow(honest, witnessed(honest, 2).log, 4)
    one.heads.clear()
    const rolledBack = sealingWorld()
    const { log } = witnessed(rolledBack, 2)
    const [batch] = await grow(rolledBack, log, 1)
    expect(batch).toMatchObject({ cosigned: 1, quorumMissed: true })
    expect(cosigners(rolledBack)).toEqual([one.key.name])
  })
})
