import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { encodeCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { encodeNote } from '../../../shared/tlog/note.ts'
import { proveInclusion } from '../../../shared/tlog/prove.ts'
import { signNote } from '../../../shared/tlog/sign-note.ts'
import { type TlogProof, encodeTlogProof, parseTlogProof } from '../../../shared/tlog/tlog-proof.ts'
import { verifyInclusion } from '../../../shared/tlog/verify-inclusion.ts'
import { verifyTlogProof } from '../../../shared/tlog/verify-tlog-proof.ts'
import { hashesFromLeaves, naiveRoot, numberedLeaves } from '../../support/naive-tree.ts'
import { noteSigner } from '../../support/note-keys.ts'

const ORIGIN = 'acme.example/log'
const leaves = numberedLeaves(300)
const log = noteSigner('ed25519', ORIGIN)
const trust = { origin: ORIGIN, keys: [log.key], witnesses: [] }

async function checkpointAt(size: number): Promise<Buffer> {
  const root = naiveRoot(leaves.slice(0, size))
  const text = encodeCheckpoint({ origin: ORIGIN, size, root, extensions: [] })
  return encodeNote({ text, signatures: [await signNote(log.key, text, log.sign)] })
}

async function proofOf(index: number, size: number): Promise<TlogProof> {
  const hashes = await proveInclusion(index, size, hashesFromLeaves(leaves))
  if (!hashes.ok) throw new Error(hashes.error.problem)
  return { extra: undefined, index, hashes: hashes.value, checkpoint: await checkpointAt(size) }
}

const places = fc
  .integer({ min: 1, max: 300 })
  .chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)))
const leafAt = (index: number): Uint8Array => leaves[index] ?? Buffer.of()
const proof = await proofOf(5, 9)
const text = encodeTlogProof({ ...proof, extra: Buffer.from('extra') })

describe('a proof to be kept', () => {
  test('is written as the specification says', () => {
    const lines = proof.hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('')
    const checkpoint = Buffer.from(proof.checkpoint).toString()
    expect(text.toString()).toBe(
      `c2sp.org/tlog-proof@v1\nextra ZXh0cmE=\nindex 5\n${lines}\n${checkpoint}`,
    )
    expect(encodeTlogProof(proof).toString()).toBe(
      `c2sp.org/tlog-proof@v1\nindex 5\n${lines}\n${checkpoint}`,
    )
  })

  test('is read as it was written, and verifies', async () => {
    const extras = fc.option(fc.uint8Array({ minLength: 1, maxLength: 50 }), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(places, extras, async ([index, size], extra) => {
        const made = { ...(await proofOf(index, size)), extra: extra && Buffer.from(extra) }
        const read = parseTlogProof(encodeTlogProof(made))
        expect(read).toEqual({ ok: true, value: made })
        const verified = read.ok && verifyTlogProof(read.value, leafAt(index), trust)
        expect(verified).toMatchObject({ ok: true, value: { size, origin: ORIGIN } })
      }),
    )
  })

  test('has one form, and with any bit flipped it does not hold', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.array(fc.nat(), { minLength: 30 }), async (place, bits) => {
        const [index, size] = place
        const kept = encodeTlogProof(await proofOf(index, size))
        for (const bit of bits.map((drawn) => drawn % (kept.length * 8))) {
          const changed = Buffer.from(kept)
          changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
          const read = parseTlogProof(changed)
          if (!read.ok) continue
          expect(encodeTlogProof(read.value)).toEqual(changed)
          expect(verifyTlogProof(read.value, leafAt(index), trust).ok).toBe(false)
        }
      }),
    )
  })

  test('does not hold for another size, though its hashes may', async () => {
    const made = await proofOf(0, 5)
    const root = naiveRoot(leaves.slice(0, 5))
    const claim = { index: 0, size: 7, leafHash: leafAt(0), root }
    expect(verifyInclusion(claim, made.hashes).ok).toBe(true)
    const relabelled = Buffer.from(made.checkpoint).toString().replace('\n5\n', '\n7\n')
    expect(
      verifyTlogProof({ ...made, checkpoint: Buffer.from(relabelled) }, leafAt(0), trust),
    ).toMatchObject({ ok: false, error: { problem: 'note-signature-invalid' } })
    const grown = { ...made, checkpoint: await checkpointAt(7) }
    expect(verifyTlogProof(grown, leafAt(0), trust)).toEqual({
      ok: false,
      error: { problem: 'wrong-root' },
    })
  })

  const [first = '', ...rest] = text.toString().split('\n')
  const without = (place: number): string => [first, ...rest].toSpliced(place, 1).join('\n')
  const withLine = (place: number, line: string): string =>
    [first, ...rest].toSpliced(place, 1, line).join('\n')

  test.each([
    ['nothing', ''],
    ['no version', without(0)],
    ['another version', withLine(0, 'c2sp.org/tlog-proof@v2')],
    ['no index', without(2)],
    ['an index with a zero before it', withLine(2, 'index 05')],
    ['a sign', withLine(2, 'index -5')],
    ['two spaces', withLine(2, 'index  5')],
    ['an index that is no safe integer', withLine(2, 'index 9007199254740992')],
    ['extra data of nothing', withLine(1, 'extra ')],
    ['extra data that is no base64', withLine(1, 'extra !')],
    ['extra data twice', withLine(2, 'extra ZXh0cmE=')],
    ['extra data after the index', withLine(3, 'extra ZXh0cmE=')],
    ['a hash that is too short', withLine(3, 'AAAA')],
    ['a hash without padding', withLine(3, 'A'.repeat(43))],
    ['no empty line', text.toString().replaceAll('\n\n', '\n')],
    ['carriage returns', text.toString().replaceAll('\n', '\r\n')],
    ['54 hashes', withLine(3, `${'A'.repeat(43)}=\n`.repeat(54).trimEnd())],
  ])('%s is none', (_what, changed) => {
    expect(parseTlogProof(Buffer.from(changed))).toEqual({
      ok: false,
      error: { problem: 'tlog-proof-malformed' },
    })
  })

  test.each<[string, Partial<TlogProof>]>([
    ['extra data of nothing', { extra: Buffer.of() }],
    ['no index', { index: -1 }],
    ['half an index', { index: 0.5 }],
    ['a short hash', { hashes: [Buffer.alloc(31)] }],
    ['an empty hash', { hashes: [Buffer.of()] }],
    ['too many hashes', { hashes: Array.from({ length: 54 }, () => Buffer.alloc(32)) }],
  ])('with %s it is not written', (_what, change) => {
    expect(() => encodeTlogProof({ ...proof, ...change })).toThrow(RangeError)
  })
})

describe('verifying a proof', () => {
  test('refuses another leaf, another place, another tree and another log', async () => {
    const wrongRoot = { ok: false, error: { problem: 'wrong-root' } }
    expect(verifyTlogProof(proof, leafAt(4), trust)).toEqual(wrongRoot)
    expect(verifyTlogProof({ ...proof, index: 4 }, leafAt(5), trust)).toEqual(wrongRoot)
    const later = { ...proof, checkpoint: await checkpointAt(10) }
    expect(verifyTlogProof(later, leafAt(5), trust)).toEqual(wrongRoot)
    expect(verifyTlogProof({ ...proof, index: 9 }, leafAt(5), trust)).toEqual({
      ok: false,
      error: { problem: 'out-of-range' },
    })
    expect(verifyTlogProof(proof, leafAt(5), { ...trust, keys: [] })).toEqual({
      ok: false,
      error: { problem: 'note-not-signed' },
    })
  })
})
