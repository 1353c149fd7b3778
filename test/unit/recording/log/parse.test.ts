import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { canonicalJson } from '../../../../shared/kernel/canonical-json.ts'
import { encodeEntry, stampEntry } from '../../../../shared/recording/encode-entry.ts'
import { type Leaf, encodeLeaf } from '../../../../shared/recording/leaf.ts'
import { parseLeaf } from '../../../../shared/recording/log/parse-leaf.ts'
import {
  batchOf,
  manifestId,
  parseManifest,
} from '../../../../shared/recording/log/parse-manifest.ts'
import {
  type SealerState,
  emptyState,
  encodeState,
  parseState,
} from '../../../../shared/recording/log/sealer-state.ts'
import { encodeStaged, parseStaged } from '../../../../shared/recording/log/staged-batch.ts'
import type { SealedBatchEntry } from '../../../../shared/recording/upkeep-entry.ts'
import { START, openedWriter, sealingWorld } from '../../../support/sealing-world.ts'

const hex = 'ab'.repeat(32)
const writer = 'abcdefghijklmnopqrstuvwx23'
const leaf: Leaf = {
  t: 'sluice-leaf/v1',
  c: 5,
  e: hex,
  i: 'x~1',
  k: 'page',
  n: 3,
  p: hex,
  s: hex,
  w: writer,
}
const invalid: Leaf = { t: 'sluice-leaf/v1', c: 5, e: hex, i: 'ü', k: 'invalid' }
const manifest: SealedBatchEntry = {
  v: 1,
  type: 'sealed-batch',
  id: 'batch~7',
  at: START,
  batch: 7,
  from: 10,
  size: 13,
  until: 99,
  root: 'AAAA',
  writers: [{ writer, number: 4, stamp: hex }],
  missing: [{ writer, number: 2 }],
  late: [10],
  invalid: [11],
  archive: [{ path: 'archive/default/0000000007.ndjson.gz', sha256: hex, entries: 1 }],
}

/** JSON that has one member more, one less, or one changed. */
const malformed = (json: object, values: readonly unknown[]): readonly Buffer[] => [
  Buffer.from(canonicalJson({ ...json, more: 1 })),
  ...Object.keys(json).flatMap((name) => [
    Buffer.from(canonicalJson({ ...json, [name]: undefined })),
    ...values.map((value) => Buffer.from(canonicalJson({ ...json, [name]: value }))),
  ]),
]

describe('a leaf', () => {
  test.each([leaf, { ...leaf, p: undefined }, invalid])('is read as it was written: %j', (each) => {
    expect(parseLeaf(encodeLeaf(each))).toEqual(each)
  })

  test('that is anything else is none', () => {
    const texts = [
      ...malformed(leaf, [null, -1, 'ABC', {}, 2 ** 40]),
      ...malformed(invalid, [null, 7]),
    ]
    // The same with another value is a leaf too, but never with another text.
    for (const bytes of texts) {
      const read = parseLeaf(bytes)
      if (read !== undefined) expect(encodeLeaf(read)).toEqual(bytes)
      if (bytes.includes('"more"')) expect(read).toBeUndefined()
    }
    for (const bytes of [Buffer.of(), Buffer.of(255), Buffer.from('[]'), Buffer.from('{}')])
      expect(parseLeaf(bytes)).toBeUndefined()
    expect(parseLeaf(Buffer.from(`${encodeLeaf(leaf).toString()} `))).toBeUndefined()
    expect(parseLeaf(Buffer.from(canonicalJson({ ...leaf, t: 'sluice-leaf/v2' })))).toBeUndefined()
  })
})

describe('a manifest', () => {
  const bytes = Buffer.from(canonicalJson(manifest))

  test('is read as it was written', () => {
    expect(parseManifest(bytes)).toEqual(manifest)
  })

  test.each([
    ...malformed(manifest, [null]),
    Buffer.from(canonicalJson({ ...manifest, id: 'batch~8' })),
    Buffer.from(canonicalJson({ ...manifest, v: 2 })),
    Buffer.from(canonicalJson({ ...manifest, missing: [{ writer }] })),
    Buffer.from(canonicalJson({ ...manifest, late: ['10'] })),
    Buffer.from(` ${canonicalJson(manifest)}`),
  ])('is nothing else: %s', (other) => {
    expect(parseManifest(other)).toBeUndefined()
  })

  test('has the id of its batch, and no other id has one', () => {
    expect(batchOf(manifestId(0))).toBe(0)
    expect(batchOf(manifestId(12))).toBe(12)
    for (const id of [
      'batch~',
      'batch~-1',
      'batch~01',
      'batch~1~',
      'xbatch~1',
      'batch~1e3',
      'batch~9999999999999999',
    ])
      expect(batchOf(id)).toBeUndefined()
  })
})

describe('what sealers share', () => {
  const state: SealerState = {
    size: 13,
    root: Buffer.alloc(32, 1),
    batches: 8,
    until: 99,
    sealedAt: START,
    covered: 90,
    recent: [{ from: 10, last: 99 }],
    writers: new Map([
      [
        writer,
        {
          certificate: { publicKey: 'AAAA', from: 1, until: 2 },
          numbers: { number: 4, stamp: hex, missing: [[1, 2]] },
        },
      ],
      [writer.replace('a', 'b'), { certificate: undefined, numbers: undefined }],
    ]),
  }

  test.each([state, emptyState])('is read as it was written', (each) => {
    expect(parseState(encodeState(each))).toEqual(each)
  })

  test('is refused when no sealer wrote it', () => {
    const json = JSON.parse(encodeState(state).toString()) as object
    for (const bytes of [Buffer.of(), Buffer.from('{}'), ...malformed(json, [null]).slice(1)])
      expect(() => parseState(bytes), bytes.toString()).toThrow('no state of a log')
  })
})

const staged = async () => {
  const by = await openedWriter(sealingWorld(), START * 1000)
  const objects = [
    { path: 'tile/0/000.p/3', bytes: Buffer.from('\n\n{"') },
    { path: 'tile/entries/000.p/3', bytes: Buffer.alloc(0) },
    { path: 'archive/default/0000000007.ndjson.gz', bytes: Buffer.alloc(700, 7) },
  ]
  const root = Buffer.alloc(32, 1)
  return { size: 13, root, manifest: stampEntry(by, encodeEntry(manifest)), objects }
}

describe('a staged batch', () => {
  test('is read as it was written', async () => {
    const batch = await staged()
    expect(parseStaged(encodeStaged(batch))).toEqual(batch)
  })

  test('that is cut off, or longer, is none', async () => {
    const bytes = encodeStaged(await staged())
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(() => parseStaged(bytes.subarray(0, length))).toThrow('no batch')
      }),
    )
    expect(() => parseStaged(Buffer.concat([bytes, Buffer.of(0)]))).toThrow('no batch')
  })
})
