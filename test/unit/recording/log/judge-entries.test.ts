import { createPublicKey, generateKeyPairSync, hash, randomBytes } from 'node:crypto'

import { beforeAll, describe, expect, test } from 'vitest'

import { canonicalJson } from '../../../../shared/kernel/canonical-json.ts'
import { encodeEntry, entryHash, stampEntry } from '../../../../shared/recording/encode-entry.ts'
import type { RawEntry, StoredEntry } from '../../../../shared/recording/entry-store.ts'
import { type Beliefs, judgeEntries } from '../../../../shared/recording/log/judge-entries.ts'
import { stampHash, stampMessage } from '../../../../shared/recording/stamp.ts'
import { type Writer, certifiedWriter } from '../../../../shared/recording/writer.ts'
import {
  ORIGIN,
  START,
  authority,
  authorityKey,
  someEntry,
} from '../../../support/sealing-world.ts'

const C = START * 1000

const clock = () => START
const open = (log = ORIGIN) => certifiedWriter({ log, authority, clock, instance: undefined })

const raw = (stored: StoredEntry, committedAt = C): RawEntry => ({
  id: stored.entry.id,
  committedAt,
  bytes: stored.bytes,
  stamp: canonicalJson(stored.stamp.stamp),
  signature: stored.stamp.signature,
  ciphertext: undefined,
})

/** Stored under the same id: other JSON, with a stamp that fits. */
const rewritten = (writer: Writer, id: string, json: object): RawEntry => {
  const bytes = Buffer.from(canonicalJson(json))
  const stamp = writer.stamp({ id, hash: entryHash(bytes) })
  const text = canonicalJson(stamp.stamp)
  const { signature } = stamp
  return { id, committedAt: C, bytes, stamp: text, signature, ciphertext: undefined }
}

let writer: Writer
let opened: StoredEntry
let entry: StoredEntry
let beliefs: Beliefs
beforeAll(async () => {
  const certified = await open()
  ;({ writer } = certified)
  opened = stampEntry(writer, encodeEntry(certified.opened))
  entry = someEntry(writer, 'configuration~policy~1', START)
  beliefs = {
    origin: ORIGIN,
    authorities: [{ publicKey: authorityKey }],
    certificateOf: () => undefined,
  }
})

const kinds = (raws: readonly RawEntry[], under: Beliefs = beliefs): readonly string[] =>
  judgeEntries(raws, under).map(({ leaf }) => leaf.k)

describe('an entry that holds', () => {
  test('has a leaf that says what it is, who stamped it and when it was committed', () => {
    const [, judged] = judgeEntries([raw(opened), raw(entry, C + 5)], beliefs)
    expect(judged?.leaf).toEqual({
      t: 'sluice-leaf/v1',
      c: C + 5,
      e: entry.hash,
      i: 'configuration~policy~1',
      k: 'configuration-changed',
      n: 1,
      p: undefined,
      s: stampHash(stampMessage(entry.stamp.stamp)),
      w: writer.id,
    })
  })

  test('is believed in whatever order its writer is opened, and later without that', () => {
    expect(kinds([raw(entry), raw(opened)])).toEqual(['configuration-changed', 'writer-opened'])
    const [judged] = judgeEntries([raw(opened)], beliefs)
    const certificate = judged?.entry === undefined ? undefined : judged.opens
    expect(kinds([raw(entry)], { ...beliefs, certificateOf: () => certificate })).toEqual([
      'configuration-changed',
    ])
  })

  test('of a type nobody here knows is an entry too, and its private part is in the leaf', () => {
    const ciphertext = hash('sha256', 'ciphertext', 'hex')
    const json = { v: 1, id: 'x~1', at: START, type: 'from-the-future', private: { ciphertext } }
    const [, judged] = judgeEntries([raw(opened), rewritten(writer, 'x~1', json)], beliefs)
    expect(judged?.leaf).toMatchObject({ k: 'from-the-future', p: ciphertext })
  })
})

const flipped = (bytes: Uint8Array): Buffer => {
  const changed = Buffer.from(bytes)
  changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1
  return changed
}
const spaced = (text: string) => `${text} `

describe('what nobody vouches for gets an invalid leaf over its raw bytes', () => {
  const cases: readonly (readonly [string, () => RawEntry])[] = [
    ['bytes that are no text', () => ({ ...raw(entry), bytes: randomBytes(300) })],
    ['no bytes', () => ({ ...raw(entry), bytes: Buffer.alloc(0) })],
    ['bytes with one bit flipped', () => ({ ...raw(entry), bytes: flipped(entry.bytes) })],
    [
      'bytes that are not canonical',
      () => ({ ...raw(entry), bytes: Buffer.from(spaced(entry.bytes.toString())) }),
    ],
    ['another id', () => ({ ...raw(entry), id: 'configuration~policy~2' })],
    ['no stamp', () => ({ ...raw(entry), stamp: '' })],
    ['a stamp that is not canonical', () => ({ ...raw(entry), stamp: spaced(raw(entry).stamp) })],
    ['the stamp of another entry', () => ({ ...raw(entry), stamp: raw(opened).stamp })],
    ['no signature', () => ({ ...raw(entry), signature: Buffer.alloc(0) })],
    [
      'a signature with one bit flipped',
      () => ({ ...raw(entry), signature: flipped(entry.stamp.signature) }),
    ],
    ['a time before its certificate', () => raw(entry, C - 121_000_000)],
    ['a time after its certificate', () => raw(entry, C + 25 * 3_600_000_000 + 1000)],
    ['version 2', () => rewritten(writer, 'x~2', { v: 2, id: 'x~2', at: START, type: 'alert' })],
    ['no type', () => rewritten(writer, 'x~3', { v: 1, id: 'x~3', at: START })],
    [
      'the type that means it is none',
      () => rewritten(writer, 'x~4', { v: 1, id: 'x~4', at: START, type: 'invalid' }),
    ],
    [
      'a type that fits no leaf',
      () => rewritten(writer, 'x~5', { v: 1, id: 'x~5', at: START, type: 'a'.repeat(70_000) }),
    ],
    [
      'a private part that names no ciphertext',
      () =>
        rewritten(writer, 'x~6', {
          v: 1,
          id: 'x~6',
          at: START,
          type: 'alert',
          private: { ciphertext: 'AB' },
        }),
    ],
    [
      'a manifest, which only sealers make',
      () => rewritten(writer, 'batch~7', { v: 1, id: 'batch~7', at: START, type: 'sealed-batch' }),
    ],
    [
      'a second opening of a writer',
      () =>
        rewritten(writer, `writer~${writer.id}~again`, {
          ...opened.entry,
          id: `writer~${writer.id}~again`,
        }),
    ],
  ]
  test.each(cases)('%s', (_, make) => {
    const changed = make()
    const [, judged] = judgeEntries([raw(opened), changed], beliefs)
    expect(judged?.entry).toBeUndefined()
    expect(judged?.leaf).toEqual({
      t: 'sluice-leaf/v1',
      c: changed.committedAt,
      e: hash('sha256', changed.bytes, 'hex'),
      i: changed.id,
      k: 'invalid',
    })
  })
})

describe('a writer is nobody', () => {
  const invalid = ['invalid', 'invalid']

  test('that was never opened', () => {
    expect(kinds([raw(entry)])).toEqual(['invalid'])
  })

  test('whose authority is another, or trusted at other times', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const raws = [raw(opened), raw(entry)]
    const trusting = (of: Beliefs['authorities'][number]) =>
      kinds(raws, { ...beliefs, authorities: [of] })
    expect(
      trusting({ publicKey: createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })) }),
    ).toEqual(invalid)
    expect(trusting({ publicKey: authorityKey, until: START - 120_001 })).toEqual(invalid)
    expect(trusting({ publicKey: authorityKey, from: START })).toEqual(invalid)
    expect(
      trusting({ publicKey: authorityKey, from: START - 120_000, until: START }),
    ).not.toContain('invalid')
    expect(kinds(raws, { ...beliefs, authorities: [] })).toEqual(invalid)
  })

  test('who was certified for another log', async () => {
    const other = await open('example.com/other')
    const otherOpened = stampEntry(other.writer, encodeEntry(other.opened))
    expect(kinds([raw(otherOpened), raw(someEntry(other.writer, 'x~1', START))])).toEqual(invalid)
  })

  test.each([
    ['an opening whose signature was changed', { signature: Buffer.alloc(64) }],
    [
      'an opening that is kept under another id',
      { id: 'writer~aaaaaaaaaaaaaaaaaaaaaaaaaa~opened' },
    ],
  ])('with %s', (_, change) => {
    expect(kinds([{ ...raw(opened), ...change }, raw(entry)])).toEqual(invalid)
  })

  test('with the certificate of another one', async () => {
    const thief = await open()
    const stolen = {
      ...opened.entry,
      id: `writer~${thief.writer.id}~opened`,
      writer: thief.writer.id,
    }
    const raws = [
      rewritten(thief.writer, stolen.id, stolen),
      raw(someEntry(thief.writer, 'x~1', START)),
    ]
    expect(kinds(raws)).toEqual(invalid)
  })
})
