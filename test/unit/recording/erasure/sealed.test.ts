import { randomBytes } from 'node:crypto'

import { expect, test } from 'vitest'

import { aesWrapKey } from '../../../../shared/adapters/key-file/aes-wrap-key.ts'
import { registeredHolds } from '../../../../shared/adapters/registers/holds.ts'
import { registeredErasures } from '../../../../shared/adapters/registers/pending-erasures.ts'
import { registeredSecrets } from '../../../../shared/adapters/registers/record-secrets.ts'
import { registered } from '../../../../shared/adapters/registers/registered.ts'
import { entryHash } from '../../../../shared/recording/encode-entry.ts'
import { erase } from '../../../../shared/recording/erasure/erase.ts'
import { ciphertextDigest, openPart } from '../../../../shared/recording/private-part.ts'
import { recordRequest } from '../../../../shared/recording/record-request.ts'
import { recordedPrincipal } from '../../../../shared/recording/recorded-caller.ts'
import { memoryRegisters } from '../../../support/memory-registers.ts'
import { sampleToRecord } from '../../../support/recording-world.ts'
import { retentionWorld } from '../../../support/retention-world.ts'
import { sampleCallId, sampleSession } from '../../../support/sample-entries.ts'
import { publishedLeaves, wrongWithLog } from '../../../support/sealed-leaves.ts'

const ANA = sampleSession()

test('a log verifies after an erasure as before, and holds nothing of what was erased', async () => {
  const world = retentionWorld()
  const registers = memoryRegisters()
  const secrets = registeredSecrets(registers, {
    wrapKey: aesWrapKey(randomBytes(32)),
    clock: world.recorder.clock,
    random: (bytes) => randomBytes(bytes),
  })
  const recorder = { ...world.recorder, secrets }
  for (const number of [1, 2, 3])
    await recordRequest(recorder, { ...sampleToRecord(sampleCallId(number)), session: ANA })
  const { secret } = await secrets.current({ session: ANA.id, owner: 'ana' })
  await world.seal()
  const before = await publishedLeaves(world.objects)

  const erased = await erase(
    {
      ...recorder,
      holds: registeredHolds(registers),
      grants: registered(registers).grants,
      pending: registeredErasures(registers),
    },
    { scope: { session: ANA.id }, by: recordedPrincipal(ANA.principal), reason: 'ticket 7' },
  )
  expect(erased.ok).toBe(true)
  world.later(1_000)
  await world.seal()

  expect(await wrongWithLog(world.objects)).toEqual([])
  const after = await publishedLeaves(world.objects)
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.map(({ leaf }) => leaf.k)).toContain('erased')
  let opened = 0
  for (const { leaf } of after) {
    const kept = await world.entries.get(leaf.i)
    expect(kept && entryHash(kept.bytes)).toBe(leaf.e)
    expect(kept?.ciphertext && ciphertextDigest(kept.ciphertext)).toBe(leaf.p)
    if (kept?.entry.type !== 'request' || kept.ciphertext === undefined) continue
    const sealed = { part: kept.entry.private, ciphertext: kept.ciphertext }
    // With the secret it opens, and nobody has it any more.
    opened += openPart(kept.entry.id, sealed, secret) === undefined ? 0 : 1
    expect(await secrets.find(kept.entry.private.key)).toBeUndefined()
  }
  expect(opened).toBe(3)
})
