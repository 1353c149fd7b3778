import { expect, test } from 'vitest'

import { registeredHolds } from '../../../../shared/adapters/registers/holds.ts'
import { registeredErasures } from '../../../../shared/adapters/registers/pending-erasures.ts'
import { registeredProgress } from '../../../../shared/adapters/registers/retention-progress.ts'
import { erase } from '../../../../shared/recording/erasure/erase.ts'
import { setHold } from '../../../../shared/recording/holds/set-hold.ts'
import { recordedPrincipal } from '../../../../shared/recording/recorded-caller.ts'
import { applyRetention } from '../../../../shared/recording/retention/apply-retention.ts'
import { type ExportWorld, exportWorld, linesOf, verdictOn } from '../../../support/export-world.ts'
import { sampleSession } from '../../../support/sample-entries.ts'
import { checkpointIn } from '../../../support/sealed-leaves.ts'

const SOUND = { integrity: 'sound', completeness: 'complete', problems: [] }
const ANA = sampleSession('ana')
const BOB = sampleSession('bob')
const by = recordedPrincipal(sampleSession('rita').principal)
const DAY = 86_400_000

/** Ana's and Bob's calls and a refusal each, sealed, their sessions closed. */
async function story() {
  const world = exportWorld()
  for (const session of [ANA, BOB]) {
    await world.call(session)
    await world.refusal(session)
  }
  await world.closeSessions()
  await world.seal()
  return world
}

/** Deletes all calls: of a class that ends before its two days are over. */
async function retain(world: ExportWorld) {
  const ports = {
    ...world.recorder,
    objects: world.objects,
    holds: registeredHolds(world.store.registers),
    progress: registeredProgress(world.store.registers),
    remove: world.store.removeEntries,
  }
  const { size } = checkpointIn(world.objects.stored.get('checkpoint'))
  await applyRetention(ports, { defaultMs: -3 * DAY, classes: [] }, size)
  await world.seal()
}

const typesOf = (bundle: Buffer) =>
  linesOf(bundle).map((line) =>
    line.t === 'entry' ? /"type":"([a-z-]+)"/.exec(line.entry)?.[1] : line.t,
  )

test('after retention an export verifies, with leaves where entries were', async () => {
  const world = await story()
  const before = await world.export({})
  await retain(world)
  const bundle = await world.export({})
  expect(await verdictOn(bundle)).toMatchObject({ ...SOUND, covered: { leaves: 6 } })
  expect(typesOf(bundle)).not.toContain('request')
  expect(typesOf(bundle)).toContain('retention-deleted')
  // It is the log that it was.
  const note = linesOf(before).find((line) => line.t === 'checkpoint')?.note ?? ''
  expect(await verdictOn(await world.export({}), Buffer.from(note))).toMatchObject(SOUND)
})

test('what somebody else deletes is missing, also beside what retention deleted', async () => {
  const world = await story()
  const registers = registeredHolds(world.store.registers)
  await setHold(world.recorder, registers, { scope: { session: BOB.id }, by, reason: 'case 7' })
  await retain(world)
  expect(await verdictOn(await world.export({}))).toMatchObject({
    ...SOUND,
    covered: { leaves: 3 },
  })
  const listed = await world.store.entries.list({ session: BOB.id, limit: 10 })
  const [stolen = ''] = listed.ok
    ? listed.value.entries.flatMap(({ entry }) => (entry.type === 'outcome' ? [entry.id] : []))
    : []
  await world.store.removeEntries([stolen])
  expect(await verdictOn(await world.export({}))).toMatchObject({
    integrity: 'sound',
    completeness: 'incomplete',
  })
})

test('after an erasure an export verifies, and nobody can have its private facts', async () => {
  const world = await story()
  const { registers, grants } = world.store
  const erased = await erase(
    {
      ...world.recorder,
      holds: registeredHolds(registers),
      pending: registeredErasures(registers),
      grants,
    },
    { scope: { session: ANA.id }, by, reason: 'ticket 7' },
  )
  expect(erased.ok).toBe(true)
  await world.seal()
  const bundle = await world.export({ withPrivate: true })
  expect(await verdictOn(bundle)).toMatchObject(SOUND)
  const lines = linesOf(bundle)
  const anas = lines.flatMap((line) =>
    line.t === 'entry' && line.entry.includes(ANA.id) ? [line.index] : [],
  )
  expect(anas.length).toBeGreaterThan(3)
  const revealed = lines.flatMap((line) => (line.t === 'private' ? [line.id] : []))
  expect(revealed).toHaveLength(3)
  expect(typesOf(bundle)).toContain('erased')
})
