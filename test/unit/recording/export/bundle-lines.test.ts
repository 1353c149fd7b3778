import { expect, test } from 'vitest'

import { principalKey } from '../../../../shared/identity/principal.ts'
import { exportWorld, linesOf, verdictOn } from '../../../support/export-world.ts'
import { sampleSession } from '../../../support/sample-entries.ts'

const SOUND = { integrity: 'sound', completeness: 'complete', problems: [] }
const ANA = sampleSession('ana')
const BOB = sampleSession('bob')

async function story() {
  const world = exportWorld()
  for (let n = 0; n < 3; n++) {
    await world.call(ANA)
    await world.call(BOB)
    await world.refusal(n === 0 ? ANA : BOB)
    await world.seal()
  }
  return world
}

test('everything: sound and complete, with a line for every leaf and what is not sealed yet', async () => {
  const world = await story()
  await world.call(ANA)
  const bundle = await world.export({})
  expect(await verdictOn(bundle)).toMatchObject({ ...SOUND, covered: { unsealed: 2 } })
  const lines = linesOf(bundle)
  expect(lines.filter(({ t }) => t === 'private')).toEqual([])
  expect(lines.flatMap((line) => (line.t === 'entry' ? [line.index] : []))).toEqual(
    Array.from({ length: lines.filter(({ t }) => t === 'entry').length }, (_, n) => n),
  )
  expect(lines.some((line) => 'proof' in line)).toBe(false)
})

test('a session: only what is its own, with proofs and the first entry of every writer', async () => {
  const world = await story()
  await world.closeSessions()
  await world.seal()
  const bundle = await world.export({ scope: { session: ANA.id } })
  expect(await verdictOn(bundle)).toMatchObject(SOUND)
  const text = bundle.toString()
  expect(text).toContain(ANA.id)
  expect(text).not.toContain(BOB.id)
  expect(text).not.toContain('bob@acme.example')
  expect(text.match(/"type\\":\\"writer-opened/g)).toHaveLength(1)
})

test('somebody: everything they did, in whatever session', async () => {
  const world = await story()
  const principal = principalKey(BOB.principal)
  const bundle = await world.export({ scope: { principal } })
  expect(await verdictOn(bundle)).toMatchObject({ integrity: 'sound', problems: [] })
  const text = bundle.toString()
  expect(text).not.toContain(ANA.id)
  expect(text.match(/"type\\":\\"request/g)).toHaveLength(3)
  expect(text.match(/"type\\":\\"refusal/g)).toHaveLength(2)
})

test('private facts come only when they are asked for, and none that were erased', async () => {
  const world = await story()
  const open = linesOf(await world.export({ withPrivate: true }))
  const privates = open.flatMap((line) => (line.t === 'private' ? [line] : []))
  // Six calls have facts of their request and of their end, three refusals their own.
  expect(privates).toHaveLength(15)
  expect(privates[0]?.facts).toContain('SELECT name FROM hospital.patients WHERE id = 7')
  for (const key of await world.secrets.list({ session: ANA.id })) await world.secrets.erase(key)
  const erased = await world.export({ withPrivate: true })
  expect(linesOf(erased).filter(({ t }) => t === 'private')).toHaveLength(8)
  expect(await verdictOn(erased)).toMatchObject(SOUND)
})
