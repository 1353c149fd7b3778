import { expect, test } from 'vitest'

import { principalKey } from '../../../../shared/identity/principal.ts'
import { createOrFail } from '../../../../shared/recording/create-or-fail.ts'
import type { EntryStore, RawEntry } from '../../../../shared/recording/entry-store.ts'
import { exportWorld, linesOf, verdictOn } from '../../../support/export-world.ts'
import { sampleSession } from '../../../support/sample-entries.ts'

const ANA = sampleSession('ana')
const BOB = sampleSession('bob')
const SOUND = { integrity: 'sound', completeness: 'complete', problems: [] }

/** So many calls of two people, in batches of different sizes. */
async function busyWorld(calls: number) {
  const world = exportWorld()
  const times: number[] = []
  for (let n = 0; n < calls; n++) {
    if (n % 70 === 0) {
      await world.seal()
      await new Promise((resolve) => setTimeout(resolve, 5))
      times.push(Date.now())
    }
    await world.call(n % 3 === 0 ? BOB : ANA)
  }
  await world.seal()
  return { ...world, times }
}

const busy = await busyWorld(300)

test('a span of time has exactly what became durable in it, and shows that nothing is missing', async () => {
  const [, from, , to] = busy.times
  const bundle = await busy.export({ scope: { from, to } })
  expect(await verdictOn(bundle)).toMatchObject(SOUND)
  const all = linesOf(await busy.export({})).flatMap((line) => (line.t === 'entry' ? [line] : []))
  const inSpan = all.filter(
    ({ committed }) => committed >= (from ?? 0) * 1000 && committed < (to ?? 0) * 1000,
  )
  const lines = linesOf(bundle).flatMap((line) => (line.t === 'entry' ? [line] : []))
  const beside = lines.filter(({ index }) => !inSpan.some((other) => other.index === index))
  expect(inSpan.length).toBeGreaterThan(280)
  expect(lines.length - beside.length).toBe(inSpan.length)
  // The certificates of both instances, from before.
  expect(beside.map(({ entry }) => entry.includes('"type":"writer-opened"'))).toEqual([true, true])
})

test.each([
  { what: 'a session', scope: { session: BOB.id }, calls: 100 },
  { what: 'somebody', scope: { principal: principalKey(BOB.principal) }, calls: 100 },
  {
    what: 'somebody, in a session of theirs',
    scope: { session: BOB.id, principal: principalKey(BOB.principal) },
    calls: 100,
  },
  {
    what: 'somebody, in a session of somebody else',
    scope: { session: ANA.id, principal: principalKey(BOB.principal) },
    calls: 0,
  },
  { what: 'nobody', scope: { principal: 'https://id.example zoe' }, calls: 0 },
])('$what: $calls calls', async ({ scope, calls }) => {
  const bundle = await busy.export({ scope })
  const requests = linesOf(bundle).filter(
    (line) => line.t === 'entry' && line.entry.includes('"type":"request"'),
  )
  expect(requests).toHaveLength(calls)
  const problems = calls === 0 ? [{ kind: 'scope-empty' }] : []
  expect(await verdictOn(bundle)).toMatchObject({ integrity: 'sound', problems })
})

test('a call: its entries, and who wrote them', async () => {
  const world = exportWorld()
  await world.call(ANA)
  const call = await world.call(ANA)
  await world.seal()
  const bundle = await world.export({ scope: { call } })
  expect(await verdictOn(bundle)).toMatchObject({
    integrity: 'sound',
    problems: [],
    covered: { calls: 1 },
  })
  expect(await verdictOn(await world.export({ scope: { call, session: BOB.id } }))).toMatchObject({
    problems: [{ kind: 'scope-empty' }],
  })
})

test('somebody: also what they looked at', async () => {
  const world = exportWorld()
  const principal = { ...ANA.principal, actors: [] }
  for (const id of ['audit~sealed', 'audit~unsealed']) {
    await createOrFail(world.recorder, {
      v: 1,
      type: 'exported',
      id,
      at: Date.now(),
      principal,
      what: 'export',
      filter: {},
      withPrivate: false,
    })
    if (id === 'audit~sealed') await world.seal()
  }
  const text = (await world.export({ scope: { principal: principalKey(principal) } })).toString()
  expect(text).toContain('audit~sealed')
  expect(text).toContain('audit~unsealed')
  expect(
    (await world.export({ scope: { principal: principalKey(BOB.principal) } })).toString(),
  ).not.toContain('audit~')
})

test.each([
  { what: 'a session', scope: { session: BOB.id }, unsealed: 4 },
  { what: 'somebody', scope: { principal: principalKey(BOB.principal) }, unsealed: 4 },
  // The sealer's own first entry was not there when its first batch began.
  { what: 'a span of time', scope: { from: 0 }, unsealed: 5 },
])(
  '$what: what is not sealed yet is there as that, with who wrote it',
  async ({ scope, unsealed }) => {
    const world = exportWorld()
    await world.seal()
    await world.call(BOB)
    const verdict = await verdictOn(await world.export({ scope, withPrivate: true }))
    expect(verdict).toMatchObject({ integrity: 'sound', problems: [], covered: { unsealed } })
  },
)

test('an earlier size: a proof that the log only grew since', async () => {
  const world = exportWorld()
  await world.call()
  await world.seal()
  const previous = world.objects.stored.get('checkpoint') ?? Buffer.of()
  const size = Number(previous.toString().split('\n')[1])
  await world.call(ANA)
  await world.seal()
  const scope = { session: ANA.id }
  expect(await verdictOn(await world.export({ scope, previous: size }), previous)).toMatchObject({
    problems: [],
  })
  expect(await verdictOn(await world.export({ scope }), previous)).toMatchObject({
    problems: [{ kind: 'consistency-missing' }],
  })
  // Whoever was shown more before is not shown a proof, and hears of it from the verifier.
  const lines = linesOf(await world.export({ scope, previous: size + 1_000 }))
  expect(lines.some(({ t }) => t === 'consistency')).toBe(false)
})

test('entries that retention deleted are leaves, and those that are gone without a word are missing', async () => {
  const world = exportWorld()
  const calls = [await world.call(), await world.call(), await world.call()]
  await world.seal()
  const ids = calls.map((call) => `${call}~request`)
  const all = linesOf(await world.export({}))
  const index =
    all.flatMap((line) =>
      line.t === 'entry' && line.entry.includes(`"${ids[0]}"`) ? [line.index] : [],
    )[0] ?? 0
  await createOrFail(world.recorder, {
    v: 1,
    type: 'retention-deleted',
    id: 'retention~one',
    at: Date.now(),
    class: 'default',
    before: Date.now(),
    from: index,
    to: index + 1,
    count: 2,
  })
  await world.store.removeEntries([ids[0] ?? '', `${calls[0]}~end`])
  const deleted = { ...SOUND, covered: { leaves: 2 } }
  expect(await verdictOn(await world.export({}))).toMatchObject(deleted)
  await world.seal()
  expect(await verdictOn(await world.export({}))).toMatchObject(deleted)
  await world.store.removeEntries([ids[2] ?? ''])
  expect(await verdictOn(await world.export({}))).toMatchObject({
    integrity: 'sound',
    completeness: 'incomplete',
    problems: [{ kind: 'entry-missing', entry: ids[2] }],
  })
})

test('whatever somebody did to the store is in the export as it is', async () => {
  const world = exportWorld()
  const call = await world.call()
  await world.call()
  await world.seal()
  const id = `${call}~request`
  const garbled = (
    change: (raw: RawEntry) => RawEntry,
  ): Pick<EntryStore, 'get' | 'list' | 'committed'> => ({
    ...world.store.entries,
    get: async (wanted) => {
      if (wanted === id) throw new TypeError('no entry')
      return world.store.entries.get(wanted)
    },
    committed: async (from, limit) =>
      (await world.store.entries.committed(from, limit)).map((raw) =>
        raw.id === id ? change(raw) : raw,
      ),
  })
  const changed = garbled((raw) => ({
    ...raw,
    bytes: Buffer.from(raw.bytes.toString().replace('ana@acme.example', 'eve@acme.example')),
  }))
  const { integrity, problems } = await verdictOn(await world.export({}, { entries: changed }))
  expect({ integrity, first: problems[0] }).toMatchObject({
    integrity: 'broken',
    first: { kind: 'entry-changed', entry: id },
  })
  const noEntry = garbled((raw) => ({ ...raw, bytes: Buffer.of(0xff, 0xfe), stamp: '\uD800' }))
  expect(await verdictOn(await world.export({}, { entries: noEntry }))).toMatchObject({
    integrity: 'broken',
    problems: expect.arrayContaining([expect.objectContaining({ kind: 'entry-malformed' })]),
  })
})

test('what is no entry is sealed as that, and exported as that', async () => {
  const world = exportWorld()
  await world.call()
  const stray = {
    id: 'stray',
    bytes: Buffer.from('{}'),
    stamp: '{}',
    signature: Buffer.of(1),
    ciphertext: undefined,
  }
  const entries = {
    ...world.store.entries,
    committed: async (...of: Parameters<EntryStore['committed']>) => {
      const raws = await world.store.entries.committed(...of)
      const committedAt = raws[0]?.committedAt ?? 0
      return [...raws, { ...stray, committedAt: committedAt + 100_000_000 }]
    },
  }
  await world.seal()
  const bundle = await world.export({}, { entries })
  expect(linesOf(bundle).some((line) => line.t === 'unsealed' && line.entry === '{}')).toBe(true)
  expect(await verdictOn(bundle)).toMatchObject({ integrity: 'broken' })
})

test('what cannot be read leaves a bundle without an end', async () => {
  const world = exportWorld()
  for (let n = 0; n < 40; n++) await world.call()
  await world.seal()
  let calls = 0
  const entries = {
    ...world.store.entries,
    committed: async (...of: Parameters<EntryStore['committed']>) => {
      if ((calls += 1) > 1) throw new Error('the store is gone')
      return world.store.entries.committed(...of)
    },
  }
  await expect(world.export({}, { entries })).rejects.toThrow('the store is gone')
})

test('a session of which retention deleted calls: their leaves, so that nobody misses them', async () => {
  const world = exportWorld()
  const deleted = [await world.call(ANA), await world.call(BOB)]
  await world.call(ANA)
  // It is still under way when the session is closed.
  const open = await world.call(ANA, 'none')
  await world.closeSessions()
  await world.seal()
  const scope = { session: ANA.id }
  expect(await verdictOn(await world.export({ scope }))).toMatchObject(SOUND)
  await createOrFail(world.recorder, {
    v: 1,
    type: 'retention-deleted',
    id: 'retention~calls',
    at: Date.now(),
    class: 'default',
    before: Date.now() + 1,
    from: 0,
    to: 100,
    count: 4,
  })
  await world.store.removeEntries(deleted.flatMap((call) => [`${call}~request`, `${call}~end`]))
  await world.seal()
  const bundle = await world.export({ scope })
  expect(await verdictOn(bundle)).toMatchObject({ integrity: 'sound', problems: [] })
  const leaves = linesOf(bundle).flatMap((line) => (line.t === 'leaf' ? [line] : []))
  expect(leaves.map(({ why }) => why)).toEqual(['deleted', 'deleted', 'deleted', 'deleted'])
  // Half of a call is no call that retention deleted: the count says that it is missing.
  await world.store.removeEntries([`${open}~request`])
  expect(
    linesOf(await world.export({ scope })).some(
      (line) => line.t === 'leaf' && line.leaf.includes(open),
    ),
  ).toBe(false)
})
