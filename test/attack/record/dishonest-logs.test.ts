import { generateKeyPairSync, sign } from 'node:crypto'

import { beforeEach, expect, test } from 'vitest'

import { RECEIPT_TERM_MS, encodeReceipt } from '../../../shared/recording/receipt.ts'
import type { Writer } from '../../../shared/recording/writer.ts'
import { encodeBase64 } from '../../../shared/tlog/base64.ts'
import { leafHash } from '../../../shared/tlog/hash.ts'
import { guarantee } from '../../support/guarantee.ts'
import { naiveSubproof } from '../../support/naive-tree.ts'
import { type Line, bundleOf } from '../../support/record-bundle.ts'
import { type Kept, ORIGIN, type RecordLog, leafOf, recordLog } from '../../support/record-log.ts'
import {
  approvedEvents,
  closeSession,
  idOf,
  openSession,
  vote,
  writeCall,
  writeGap,
} from '../../support/record-story.ts'
import { verdictOf } from '../../support/verdict-of.ts'

/** Who has the keys writes what is not so. */
let log: RecordLog
let writer: Writer
const who = { who: 'ana', session: 'dishonest' }
const EVERYTHING = { all: true } as const

beforeEach(async () => {
  log = await recordLog()
  writer = await log.openWriter()
  openSession(log, writer, 'dishonest', 'ana')
})

const call = (name: string, more: Partial<Parameters<typeof writeCall>[0]> = {}): Kept =>
  writeCall({ log, writer, name, ...who, ...more })
const used = (name: string) => ({ type: 'used', call: idOf(name), bytes: 1 })
const isOfCall = (line: Line) => 'entry' in line && line.entry.includes(idOf('two'))
const verdict = async (of: RecordLog = log) => verdictOf(of, await bundleOf(of, EVERYTHING))

test('what it does before it is dishonest is fine', async () => {
  call('honest')
  call('approved', { events: approvedEvents() })
  log.seal()
  expect(await verdict()).toMatchObject({ integrity: 'sound', completeness: 'complete' })
})

test.each([
  ['by nobody', [{ type: 'asked' }], 'nobody had decided'],
  [
    'by its requester',
    [{ type: 'asked' }, vote('ana'), { type: 'approved', until: 9 }, { type: 'starting' }],
    'nobody but its requester',
  ],
  [
    'without a vote',
    [{ type: 'asked' }, { type: 'approved', until: 9 }, { type: 'starting' }],
    'nobody but its requester',
  ],
  [
    'by somebody who then said no',
    [
      { type: 'asked' },
      vote('paul'),
      vote('paul', 'deny'),
      { type: 'approved', until: 9 },
      { type: 'starting' },
    ],
    'nobody but its requester',
  ],
  [
    'and taken back',
    [
      { type: 'asked' },
      vote('paul'),
      { type: 'approved', until: 9 },
      { type: 'revoked' },
      { type: 'starting' },
    ],
    'it was revoked before it started',
  ],
  ['and denied', [{ type: 'asked' }, vote('paul', 'deny'), { type: 'denied' }], 'it was denied'],
])('released, and approved %s', async (_, events, words) => {
  call('held', { events })
  log.seal()
  const { problems, integrity } = await verdict()
  expect(integrity).toBe('broken')
  expect(problems[0]).toMatchObject({
    kind: 'released-without-leave',
    entry: `${idOf('held')}~end`,
  })
  expect(problems[0]?.words).toContain(words)
})

test('released under a time box of somebody else, or of none', async () => {
  call('box', { events: approvedEvents({ box: {} }, used('mine'), used('theirs')) })
  call('mine', { events: [], grant: idOf('box') })
  call('theirs', { events: [], grant: idOf('box'), who: 'eve', session: 'other' })
  call('unused', { events: [], grant: idOf('box') })
  call('boxless', { events: approvedEvents({}, used('in no box')) })
  call('in no box', { events: [], grant: idOf('boxless') })
  log.seal()
  const { problems } = await verdict()
  expect(problems.map(({ kind, entry }) => `${kind} ${entry}`)).toEqual(
    ['theirs', 'unused', 'in no box'].map((name) => `released-without-leave ${idOf(name)}~end`),
  )
})

test('released before leave was on the record', async () => {
  const request = call('early', { events: [], outcome: 'none' })
  const of = { call: idOf('early'), request: request.hash, session: idOf('dishonest') }
  log.write(writer, {
    type: 'outcome',
    id: `${of.call}~end`,
    ...of,
    outcome: 'released',
    durationMs: 1,
  })
  for (const [number, event] of approvedEvents().entries())
    log.write(writer, {
      type: 'approval',
      id: `${of.call}~approval~${number}`,
      ...of,
      grant: of.call,
      digest: 'b'.repeat(64),
      number,
      event: { at: 1, ...event },
    })
  log.seal()
  expect((await verdict()).kinds).toEqual(['released-before-leave'])
})

test('an entry that is dated back, or ahead', async () => {
  const of = { type: 'alert', alert: 'job-without-entry', detail: '' }
  log.write(writer, { ...of, id: 'alert~back', at: log.time.now - 3_600_000 })
  log.write(writer, { ...of, id: 'alert~ahead', at: log.time.now + 3_600_000 })
  log.seal()
  expect(await verdict()).toMatchObject({
    integrity: 'broken',
    problems: [
      { kind: 'time-wrong', entry: 'alert~back' },
      { kind: 'time-wrong', entry: 'alert~ahead' },
    ],
  })
})

test('an entry with a request that is not that of its call', async () => {
  const request = call('one', { outcome: 'none' })
  const of = { call: idOf('one'), session: idOf('dishonest'), outcome: 'released', durationMs: 1 }
  log.write(writer, { type: 'outcome', id: `${of.call}~end`, ...of, request: 'd'.repeat(64) })
  log.write(writer, {
    type: 'refused-vote',
    id: `${of.call}~vote~1`,
    call: of.call,
    request: request.hash,
    session: of.session,
  })
  log.seal()
  expect((await verdict()).problems).toMatchObject([
    { kind: 'request-differs', entry: `${of.call}~end` },
  ])
})

test('a call with two ends, and one that was refused and made', async () => {
  const { hash } = call('twice')
  const of = { call: idOf('twice'), request: hash, session: idOf('dishonest') }
  const end = { type: 'outcome', id: `${of.call}~end`, ...of, outcome: 'not-run', durationMs: 2 }
  log.write(await log.openWriter(), end)
  log.write(writer, { type: 'refusal', id: `${of.call}~refusal`, call: of.call, unrecorded: 0 })
  log.seal()
  const { kinds, integrity } = await verdict()
  expect(integrity).toBe('broken')
  expect(kinds).toEqual(['id-twice', 'refused-and-made'])
})

test('a writer that says two things under one number', async () => {
  // A copy of its key would do that: both go on from the same stamp.
  const kept = call('one')
  const entry = { type: 'alert', id: 'alert~x', alert: 'label-mismatch', detail: '' }
  const twin = log.keep(writer, entry)
  const stamp = { ...twin.stamp.stamp, number: kept.stamp.stamp.number }
  const other = log.keep({ ...writer, stamp: () => ({ ...twin.stamp, stamp }) }, entry)
  log.waiting.push(other)
  log.seal()
  expect((await verdict()).kinds).toEqual(
    expect.arrayContaining(['number-twice', 'signature-invalid']),
  )
})

test('a number that nobody accounts for', async () => {
  writer.stamp({ id: 'nothing', hash: 'c'.repeat(64) })
  call('after')
  log.seal()
  expect(await verdict()).toMatchObject({
    integrity: 'sound',
    completeness: 'incomplete',
    kinds: ['number-missing'],
  })
  writeGap(log, writer)
  log.seal()
  expect((await verdict()).problems).toHaveLength(1)
})

test.each([
  ['its place', { from: 0 }],
  ['the root', { root: encodeBase64(Buffer.alloc(32)) }],
  ['late entries', { late: [1] }],
  ['invalid entries', { invalid: [1] }],
  ['writers', { writers: [] }],
  ['missing numbers', { missing: [{ writer: 'a'.repeat(26), number: 0 }] }],
  ['how far it goes', { until: 0 }],
])('a manifest that is wrong about %s', async (_, change) => {
  call('one')
  log.seal()
  call('two')
  log.seal({ tamper: (manifest) => ({ ...manifest, ...change }) })
  call('three')
  log.seal()
  const { problems, integrity } = await verdict()
  expect(integrity).toBe('broken')
  expect(problems[0]).toMatchObject({ kind: 'manifest-differs', entry: 'batch~1' })
})

test('a session that had more when it was closed', async () => {
  call('one')
  call('two')
  closeSession(log, writer, 'dishonest')
  const at = log.waiting.findIndex(({ id }) => id === `${idOf('two')}~end`)
  log.waiting.splice(at, 1)
  log.seal()
  expect(await verdict()).toMatchObject({
    completeness: 'incomplete',
    kinds: ['number-missing', 'session-differs'],
  })
})

test('a log that is cut back, forked or rewritten', async () => {
  call('one')
  log.seal()
  const early = { size: log.sealed.length, note: await log.note() }
  call('two')
  log.seal()
  const late = await log.note()

  // Back to what it was: the signatures hold, and only who kept a checkpoint sees it.
  const back = await bundleOf(log, EVERYTHING, { size: early.size })
  expect(await verdictOf(log, back, { previous: late })).toMatchObject({
    integrity: 'broken',
    problems: [{ kind: 'rolled-back' }],
  })
  const grown = await bundleOf(log, EVERYTHING)
  expect((await verdictOf(log, grown, { previous: early.note })).problems).toEqual([])
  expect((await verdictOf(log, grown, { previous: late })).problems).toEqual([])

  // The same keys, and another story.
  const [, second] = log.sealed
  if (second === undefined) throw new Error('no second entry')
  log.sealed.splice(1, 1, { ...second, hash: 'f'.repeat(64) })
  const forked = await log.note()
  expect((await verdictOf(log, grown, { previous: forked })).kinds).toEqual(['forked'])
  const rewritten = await log.note(early.size)
  expect((await verdictOf(log, grown, { previous: rewritten })).kinds).toEqual(['rewritten'])
})

test('growth that a bundle of a session has to prove', async () => {
  call('one')
  log.seal()
  const earlier = log.sealed.length
  const previous = await log.note()
  call('two')
  log.seal()
  const lines = await bundleOf(log, { session: idOf('dishonest') })
  expect((await verdictOf(log, lines, { previous })).kinds).toEqual(['consistency-missing'])

  const hashes = log.sealed.map((kept) => leafHash(leafOf(kept)))
  const proof = naiveSubproof(earlier, hashes, true).map(encodeBase64)
  const proved = lines.toSpliced(2, 0, { t: 'consistency', from: earlier, proof })
  expect((await verdictOf(log, proved, { previous })).problems).toEqual([])
  const wrong = lines.toSpliced(2, 0, {
    t: 'consistency',
    from: earlier,
    proof: proof.toReversed(),
  })
  expect((await verdictOf(log, wrong, { previous })).kinds).toEqual(['rewritten'])
})

// A tree made anew over a changed entry, by somebody without the key of the log.
guarantee('tampering-shows', async () => {
  call('one')
  log.seal()
  const note = await log.note()
  log.sealed.splice(2, 1)
  for (const scope of [EVERYTHING, { session: idOf('dishonest') }]) {
    const lines = await bundleOf(log, scope)
    // Either they keep the checkpoint, or they sign one with another key under the same name.
    const kept = lines.map((line): Line => (line.t === 'checkpoint' ? { ...line, note } : line))
    expect((await verdictOf(log, kept)).integrity).toBe('broken')
    const stranger = await recordLog()
    const { integrity, kinds } = await verdictOf(stranger, lines)
    expect({ integrity, first: kinds[0] }).toEqual({
      integrity: 'broken',
      first: 'checkpoint-refused',
    })
  }
})

test('an end of the log, or a call, that is left out', async () => {
  call('one')
  log.seal()
  call('two')
  log.seal()
  const lines = await bundleOf(log, EVERYTHING)
  expect(await verdictOf(log, lines.slice(0, -4))).toMatchObject({
    integrity: 'broken',
    completeness: 'incomplete',
    problems: [{ kind: 'leaf-missing' }, { kind: 'root-unproved' }],
  })
  const left = lines.filter((line) => !isOfCall(line) && line.t !== 'private')
  expect((await verdictOf(log, left)).completeness).toBe('incomplete')
  const onlyTwo = await bundleOf(log, { call: idOf('two') })
  expect(
    await verdictOf(
      log,
      onlyTwo.filter((line) => !isOfCall(line) && line.t !== 'private'),
    ),
  ).toMatchObject({
    completeness: 'incomplete',
    problems: [{ kind: 'scope-empty' }],
  })
})

guarantee('receipt-with-every-answer', async () => {
  const kept = call('one')
  log.seal()
  const by = log.time.now + RECEIPT_TERM_MS
  const of = { v: 1, by, log: ORIGIN, writer: writer.id } as const
  const receipt = (entry: string, hash: string, more = {}) =>
    encodeReceipt({ ...of, entry, hash, ...more }, (message) => writer.sign(message))
  const good = receipt(kept.id, kept.hash)
  log.time.now += RECEIPT_TERM_MS + 60_000
  log.seal()
  const lines = await bundleOf(log, EVERYTHING)
  const judge = (receipts: readonly string[]) => verdictOf(log, lines, { receipts })

  expect(
    await judge([good, receipt(`${idOf('x')}~end`, kept.hash, { log: 'another' })]),
  ).toMatchObject({
    completeness: 'complete',
    problems: [],
  })
  expect(await judge([receipt(`${idOf('lost')}~request`, kept.hash)])).toMatchObject({
    integrity: 'sound',
    completeness: 'incomplete',
    problems: [{ kind: 'receipt-unanswered', entry: `${idOf('lost')}~request` }],
  })
  expect(await judge([receipt(kept.id, 'f'.repeat(64))])).toMatchObject({
    integrity: 'broken',
    kinds: ['receipt-differs'],
  })
  const { privateKey } = generateKeyPairSync('ed25519')
  const forged = encodeReceipt({ ...of, entry: kept.id, hash: kept.hash }, (message) =>
    sign(null, message, privateKey),
  )
  expect((await judge([forged])).kinds).toEqual(['receipt-forged'])
  expect((await judge(['nonsense', `${good}A`])).kinds).toEqual([
    'receipt-malformed',
    'receipt-malformed',
  ])
  expect(
    (await judge([receipt('later', kept.hash, { by: log.time.now + 999_999 })])).unchecked,
  ).toContain('1 receipt: not due when the bundle was made')
})

test('a log that stopped', async () => {
  call('one')
  log.seal()
  log.time.now += 3 * 3_600_000
  expect(await verdict()).toMatchObject({
    integrity: 'sound',
    completeness: 'incomplete',
    kinds: ['log-stopped'],
  })
})

test('a checkpoint that too few witnesses saw', async () => {
  call('one')
  log.seal()
  const trust = { ...log.trust, quorum: 2 }
  expect((await verdictOf({ ...log, trust }, await bundleOf(log, EVERYTHING))).kinds).toEqual([
    'witnesses-missing',
  ])
})
