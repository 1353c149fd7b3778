import { expect, test } from 'vitest'

import { seal } from '../../../../shared/recording/log/seal.ts'
import type { Witnesses } from '../../../../shared/recording/log/witnesses.ts'
import type { NoteSignature } from '../../../../shared/tlog/note.ts'
import { openCheckpoint } from '../../../../shared/tlog/open-checkpoint.ts'
import { parseNote } from '../../../../shared/tlog/parse-note.ts'
import { cosignNote } from '../../../../shared/tlog/sign-note.ts'
import { verifyConsistency } from '../../../../shared/tlog/verify-consistency.ts'
import { noteSigner } from '../../../support/note-keys.ts'
import { checkpointIn } from '../../../support/sealed-leaves.ts'
import {
  ORIGIN,
  START,
  logSigners,
  openedWriter,
  sealingWorld,
  someEntry,
} from '../../../support/sealing-world.ts'

const ana = noteSigner('ed25519-cosignature', 'ana.example')
const bob = noteSigner('ed25519-cosignature', 'bob.example')

const textOf = (note: Buffer): string => {
  const parsed = parseNote(note)
  if (!parsed.ok) throw new Error(parsed.error.problem)
  return parsed.value.text
}

const by = ({ key, sign }: typeof ana, note: Buffer): Promise<NoteSignature> =>
  cosignNote(key, textOf(note), START, sign)

/** A log of three entries, sealed in front of these witnesses, and who cosigned its checkpoint. */
async function sealedBefore(cosign: Witnesses['cosign']) {
  const world = sealingWorld()
  const writer = await openedWriter(world, START * 1000)
  world.store.keep(someEntry(writer, 'a', START), START * 1000 + 1)
  const witnesses = { keys: [ana.key, bob.key], quorum: 2, cosign }
  const log = world.sealer({ witnesses })
  const { batches } = await seal(log)
  const note = world.objects.stored.get('checkpoint') ?? Buffer.alloc(0)
  const keys = [logSigners.ed25519.key, logSigners.p256.key]
  const opened = openCheckpoint(note, { origin: ORIGIN, keys, witnesses: witnesses.keys })
  if (!opened.ok) throw new Error(opened.error.problem)
  const cosigners = opened.value.cosignatures.map(({ key }) => key.name)
  return { world, writer, log, cosigners, batch: batches[0] }
}

test('a checkpoint has the cosignatures that witnesses gave', async () => {
  const { cosigners, batch } = await sealedBefore((note) =>
    Promise.all([by(bob, note), by(ana, note)]),
  )
  expect(cosigners).toEqual(['ana.example', 'bob.example'])
  expect(batch).toMatchObject({ cosigned: 2, quorumMissed: false })
})

test('one that gives none leaves a checkpoint that says so', async () => {
  const { cosigners, batch } = await sealedBefore(async (note) => [await by(ana, note)])
  expect(cosigners).toEqual(['ana.example'])
  expect(batch).toMatchObject({ cosigned: 1, quorumMissed: true })
})

test('none at all stops nothing', async () => {
  const { cosigners, batch } = await sealedBefore(() => Promise.reject(new Error('unavailable')))
  expect(cosigners).toEqual([])
  expect(batch).toMatchObject({ cosigned: 0, quorumMissed: true })
})

test('a signature that does not hold is left out, as it would spoil the checkpoint', async () => {
  const { cosigners, batch } = await sealedBefore(async (note) => {
    const good = await by(ana, note)
    const stranger = await by(noteSigner('ed25519-cosignature', 'eve.example'), note)
    const forged = { ...(await by(bob, note)), signature: good.signature }
    return [forged, stranger, good, good]
  })
  expect(cosigners).toEqual(['ana.example'])
  expect(batch).toMatchObject({ cosigned: 1, quorumMissed: true })
})

test('witnesses are given proofs from whatever size they saw, and no others', async () => {
  const seen: ReturnType<typeof checkpointIn>[] = []
  const { world, writer, log } = await sealedBefore(async (note, proofFrom) => {
    const now = checkpointIn(note)
    for (const before of seen) {
      // oxlint-disable-next-line no-await-in-loop -- one by one
      const proof = await proofFrom(before.size)
      expect(verifyConsistency(before, now, proof).ok).toBe(true)
    }
    await expect(proofFrom(0)).rejects.toThrow('no proof from size')
    await expect(proofFrom(now.size + 1)).rejects.toThrow('no proof from size')
    seen.push(now)
    return []
  })
  for (let n = 0; n < 5; n += 1) {
    world.now += 1_000
    world.store.keep(someEntry(writer, `b${n}`, START), world.now * 1000)
    // oxlint-disable-next-line no-await-in-loop
    await seal(log)
  }
  expect(seen).toHaveLength(6)
})
