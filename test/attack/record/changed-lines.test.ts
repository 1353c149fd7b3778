import { generateKeyPairSync, sign } from 'node:crypto'

import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'

import { canonicalJson } from '../../../shared/kernel/canonical-json.ts'
import type { BundleScope, EntryLine } from '../../../shared/recording/bundle/bundle-line.ts'
import { entryHash } from '../../../shared/recording/encode-entry.ts'
import { type Stamp, stampMessage } from '../../../shared/recording/stamp.ts'
import { certifiedWriter } from '../../../shared/recording/writer.ts'
import { encodeBase64 } from '../../../shared/tlog/base64.ts'
import { type Line, bundleOf } from '../../support/record-bundle.ts'
import { ORIGIN, type RecordLog } from '../../support/record-log.ts'
import { idOf, shortStory } from '../../support/record-story.ts'
import { verdictOf } from '../../support/verdict-of.ts'

/** Somebody changes lines, and makes the last line fit: per way of doing so. */
const RUNS = 150

let log: RecordLog
const bundles = new Map<string, readonly Line[]>()
beforeAll(async () => {
  log = await shortStory()
  const scopes: Record<string, BundleScope> = {
    everything: { all: true },
    session: { session: idOf('short') },
    span: { from: log.time.now - 700_000, to: log.time.now + 1 },
    call: { call: idOf('short approved') },
  }
  for (const [name, scope] of Object.entries(scopes)) bundles.set(name, await bundleOf(log, scope))
})

const of = (name: string): readonly Line[] => bundles.get(name) ?? []
const anyBundle = fc.constantFrom('everything', 'session', 'span', 'call')
const place = fc.noBias(fc.nat(2 ** 31 - 1))

const isEntry = (line: Line): line is EntryLine => line.t === 'entry'
/** Indices of the lines with an entry. */
const entries = (lines: readonly Line[]): readonly number[] =>
  lines.flatMap((line, index) => (isEntry(line) ? [index] : []))
const entryIn = (lines: readonly Line[], at: number): EntryLine => {
  const line = lines[at]
  if (line === undefined || !isEntry(line)) throw new Error('no entry there')
  return line
}
const pick = (from: readonly number[], at: number): number => from[at % from.length] ?? -1
const idIn = (line: EntryLine): string => JSON.parse(line.entry).id
function scopeOf([head]: readonly Line[]): { readonly from?: number | undefined } {
  return head?.t === 'sluice-bundle/v1' && !('all' in head.scope) ? head.scope : {}
}
const bare = (some: readonly Line[]) =>
  some
    .filter(({ t }) => t !== 'private')
    .map((line) => ('private' in line ? { ...line, private: false } : line))

test('two entries that trade one thing', { timeout: 120_000 }, async () => {
  const member = fc.constantFrom(
    'entry',
    'stamp',
    'signature',
    'committed',
    'ciphertext',
    'proof',
    'index',
  )
  await fc.assert(
    fc.asyncProperty(anyBundle, place, place, member, async (name, a, b, what) => {
      const lines = of(name)
      const [one, two] = [pick(entries(lines), a), pick(entries(lines), b)]
      const [first, second] = [entryIn(lines, one), entryIn(lines, two)]
      fc.pre(JSON.stringify(first[what]) !== JSON.stringify(second[what]))
      const swapped = lines
        .with(one, { ...first, [what]: second[what] })
        .with(two, { ...second, [what]: first[what] })
      expect((await verdictOf(log, swapped)).integrity).toBe('broken')
    }),
    { numRuns: 3 * RUNS },
  )
})

test('a member of an entry that says something else', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyBundle, place, place, async (name, at, which) => {
      const lines = of(name)
      const index = pick(entries(lines), at)
      const line = entryIn(lines, index)
      const entry: Record<string, unknown> = JSON.parse(line.entry)
      const names = Object.keys(entry)
      const changed = names[which % names.length] ?? ''
      const text = canonicalJson({ ...entry, [changed]: changed === 'at' ? 1 : 'something else' })
      const verdict = await verdictOf(log, lines.with(index, { ...line, entry: text }))
      expect(verdict.integrity).toBe('broken')
      expect(verdict.problems[0]?.index).toBe(line.index)
    }),
    { numRuns: RUNS },
  )
})

test(
  'an entry that is changed, hashed and signed again with another key',
  { timeout: 120_000 },
  async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    await fc.assert(
      fc.asyncProperty(anyBundle, place, fc.boolean(), async (name, at, isChanged) => {
        const lines = of(name)
        const index = pick(entries(lines), at)
        const line = entryIn(lines, index)
        const entry: Record<string, unknown> = JSON.parse(line.entry)
        const text = isChanged ? canonicalJson({ ...entry, note: 'nothing happened' }) : line.entry
        const stamp: Stamp = { ...JSON.parse(line.stamp), hash: entryHash(Buffer.from(text)) }
        const signature = encodeBase64(sign(null, stampMessage(stamp), privateKey))
        const forged = { ...line, entry: text, stamp: canonicalJson(stamp), signature }
        const verdict = await verdictOf(log, lines.with(index, forged))
        expect(verdict.integrity).toBe('broken')
        expect(verdict.problems).toContainEqual(
          expect.objectContaining({
            kind: 'signature-invalid',
            index: line.index,
            entry: idIn(line),
          }),
        )
      }),
      { numRuns: RUNS },
    )
  },
)

test('a line that is dropped', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyBundle, place, async (name, at) => {
      const lines = of(name)
      const index = pick(entries(lines), at)
      const line = entryIn(lines, index)
      const isFollowed = lines[index + 1]?.t === 'private'
      const verdict = await verdictOf(log, lines.toSpliced(index, isFollowed ? 2 : 1))
      const { type } = JSON.parse(line.entry)
      if (name === 'everything') {
        // What is left cannot be proved to be in the log either.
        expect(verdict).toMatchObject({ integrity: 'broken', completeness: 'incomplete' })
        expect(verdict.problems).toContainEqual(
          expect.objectContaining({ kind: 'leaf-missing', index: line.index }),
        )
      } else if (type === 'writer-opened') {
        expect(verdict.integrity).toBe('broken')
      } else if (name === 'session') {
        // Harmless by definition: without its end a session looks as if it went on, and the report says so.
        const isUncounted = type === 'session-closed'
        expect(verdict.completeness).toBe(isUncounted ? 'not-checked' : 'incomplete')
      } else if (name === 'span') {
        const { from = 0 } = scopeOf(lines)
        const inside = entries(lines).filter(
          (each) => entryIn(lines, each).committed >= from * 1000,
        )
        // Harmless by definition: the edges of the time, which the report says are not checked.
        if (inside[0] !== index && inside.at(-1) !== index)
          expect(verdict).toMatchObject({ completeness: 'incomplete' })
      }
    }),
    { numRuns: 2 * RUNS },
  )
})

test('what a call cannot do without', async () => {
  const lines = of('call')
  const without = (id: string) =>
    lines.filter((line) => !isEntry(line) || idIn(line) !== `${idOf('short approved')}~${id}`)

  expect((await verdictOf(log, bare(without('request')))).kinds).toContain('request-missing')
  // Its approval is what gave leave.
  for (const number of [0, 1, 2, 3])
    expect((await verdictOf(log, bare(without(`approval~${number}`)))).kinds).toContain(
      'approval-missing',
    )
  expect((await verdictOf(log, bare(without('approval~3')))).kinds).toContain(
    'released-without-leave',
  )
  const noEnd = bare(without('end'))
  expect((await verdictOf(log, noEnd)).unchecked).toContain(
    'how 1 call ended: they have no end yet',
  )
  const [head, ...rest] = noEnd
  if (head?.t !== 'sluice-bundle/v1') throw new Error('no head')
  const later = { ...head, made: head.made + 2 * 24 * 60 * 60 * 1000 }
  const time = { ...log.time, now: later.made }
  expect(await verdictOf({ ...log, time }, [later, ...rest])).toMatchObject({
    integrity: 'sound',
    completeness: 'incomplete',
    kinds: ['call-without-end'],
  })
})

test('a line that comes twice, or in another place', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyBundle, place, place, fc.boolean(), async (name, a, b, isTwice) => {
      const lines = of(name)
      const body = lines.slice(2)
      const from = a % body.length
      const line = body[from]
      const left = isTwice ? body : body.toSpliced(from, 1)
      const to = b % (left.length + 1)
      fc.pre(line !== undefined && (isTwice || to !== from))
      const moved = [...lines.slice(0, 2), ...left.toSpliced(to, 0, line)]
      expect((await verdictOf(log, moved)).integrity).toBe('broken')
    }),
    { numRuns: 3 * RUNS },
  )
})

test('private facts that say something else', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyBundle, place, async (name, at) => {
      const lines = of(name)
      const all = lines.flatMap(({ t }, index) => (t === 'private' ? [index] : []))
      const index = pick(all, at)
      const line = lines[index]
      if (line?.t !== 'private') throw new Error('no private facts')
      const facts = canonicalJson({ ...JSON.parse(line.facts), sql: 'SELECT 1' })
      const verdict = await verdictOf(log, lines.with(index, { ...line, facts }))
      expect(verdict).toMatchObject({ integrity: 'broken', problems: [{ entry: line.id }] })
    }),
    { numRuns: RUNS },
  )
})

test('a writer that nobody vouched for', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const mine = {
    id: log.authority.id,
    sign: (message: Uint8Array) => Promise.resolve(sign('sha256', message, privateKey)),
  }
  const { writer, opened } = await certifiedWriter({
    log: ORIGIN,
    authority: mine,
    clock: () => log.time.now,
    instance: undefined,
  })
  const forge = (text: string) => {
    const stamp = writer.stamp({ id: JSON.parse(text).id, hash: entryHash(Buffer.from(text)) })
    return {
      entry: text,
      stamp: canonicalJson(stamp.stamp),
      signature: encodeBase64(stamp.signature),
    }
  }
  const line: Line = {
    t: 'unsealed',
    committed: log.time.now * 1000,
    ...forge(canonicalJson(opened)),
  }
  const verdict = await verdictOf(log, [...of('everything'), line])
  expect(verdict.kinds).toContain('certificate-forged')
  expect(verdict.integrity).toBe('broken')

  // Named as what it is, its authority is nobody's.
  const spki = encodeBase64(publicKey.export({ format: 'der', type: 'spki' }))
  const trust = {
    ...log.trust,
    authorities: [{ id: mine.id, publicKey: spki, from: undefined, until: undefined }],
  }
  expect((await verdictOf({ ...log, trust }, of('everything'))).kinds).toContain(
    'certificate-forged',
  )
})

test('an entry that somebody puts in', async () => {
  const other = await shortStory()
  const foreign = (await bundleOf(other, { session: idOf('short') })).filter(isEntry)
  for (const name of ['everything', 'session', 'call'])
    for (const line of foreign) {
      const lines = of(name)
      const at = lines.findIndex((each) => isEntry(each) && each.index > line.index)
      const put = lines.toSpliced(at < 0 ? lines.length : at, 0, line)
      expect((await verdictOf(log, put)).integrity).toBe('broken')
    }
})
