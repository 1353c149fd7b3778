import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  type Checkpoint,
  encodeCheckpoint,
  parseCheckpoint,
} from '../../../shared/tlog/checkpoint.ts'
import { emptyRoot } from '../../../shared/tlog/hash.ts'

const ROOT = Buffer.alloc(32, 7)
const ORIGIN = 'acme.example/log'
const checkpoint = { origin: ORIGIN, size: 7, root: ROOT, extensions: [] }
const TEXT = encodeCheckpoint(checkpoint)
const ROOT_LINE = ROOT.toString('base64')

const lines = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((line) => !/[\p{Cc}]/u.test(line) && line.isWellFormed())

describe('a checkpoint', () => {
  test('is three lines', () => {
    expect(TEXT).toBe(`acme.example/log\n7\n${ROOT_LINE}\n`)
  })

  test('is read as it was written', () => {
    const checkpoints: fc.Arbitrary<Checkpoint> = fc.record({
      origin: lines,
      size: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
      extensions: fc.array(lines, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(checkpoints, (value) => {
        expect(parseCheckpoint(encodeCheckpoint(value))).toEqual({ ok: true, value })
      }),
    )
  })

  test('has one form', () => {
    fc.assert(
      fc.property(fc.nat(TEXT.length - 1), fc.integer({ min: 10, max: 126 }), (at, code) => {
        const changed = TEXT.slice(0, at) + String.fromCharCode(code) + TEXT.slice(at + 1)
        const read = parseCheckpoint(changed)
        if (read.ok && code >= 32) expect(encodeCheckpoint(read.value)).toBe(changed)
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['nothing', '', 'origin'],
    ['no origin', `\n7\n${ROOT_LINE}\n`, 'origin'],
    ['an origin alone', 'acme.example/log\n', 'size'],
    ['no size', `acme.example/log\n\n${ROOT_LINE}\n`, 'size'],
    ['a size with a zero before it', `acme.example/log\n07\n${ROOT_LINE}\n`, 'size'],
    ['a size with a sign', `acme.example/log\n+7\n${ROOT_LINE}\n`, 'size'],
    ['a size in hex', `acme.example/log\n0x7\n${ROOT_LINE}\n`, 'size'],
    ['a fraction', `acme.example/log\n7.0\n${ROOT_LINE}\n`, 'size'],
    [
      'a size that is no safe integer',
      `acme.example/log\n9007199254740992\n${ROOT_LINE}\n`,
      'size',
    ],
    ['a size in other digits', `acme.example/log\n٧\n${ROOT_LINE}\n`, 'size'],
    ['no root', 'acme.example/log\n7\n', 'root'],
    ['a short root', 'acme.example/log\n7\nAAAA\n', 'root'],
    ['a root without padding', `acme.example/log\n7\n${ROOT_LINE.slice(0, -1)}\n`, 'root'],
    ['a root in base64url', `acme.example/log\n7\n${'_'.repeat(43)}=\n`, 'root'],
    ['an empty tree with leaves', `acme.example/log\n0\n${ROOT_LINE}\n`, 'root'],
    ['an empty extension', `acme.example/log\n7\n${ROOT_LINE}\n\nx\n`, 'extension'],
    ['an empty extension at the end', `acme.example/log\n7\n${ROOT_LINE}\n\n`, 'extension'],
    ['no newline at the end', `acme.example/log\n7\n${ROOT_LINE}`, 'extension'],
  ])('%s is none', (_what, text, line) => {
    expect(parseCheckpoint(text)).toEqual({
      ok: false,
      error: { problem: 'checkpoint-malformed', line },
    })
  })

  test('of the empty log has the empty root', () => {
    const empty = { origin: ORIGIN, size: 0, root: emptyRoot(), extensions: [] }
    expect(parseCheckpoint(encodeCheckpoint(empty))).toEqual({ ok: true, value: empty })
  })

  test.each<[string, Partial<Checkpoint>]>([
    ['no origin', { origin: '' }],
    ['an origin of more lines', { origin: `evil.example\n1\n${ROOT_LINE}` }],
    ['an origin with a tab', { origin: 'a\tb' }],
    ['half a surrogate pair', { origin: '\u{d800}' }],
    ['no size', { size: Number.NaN }],
    ['a size below zero', { size: -1 }],
    ['half a leaf', { size: 0.5 }],
    ['too many leaves', { size: 2 ** 53 }],
    ['an empty tree with leaves', { size: 0 }],
    ['a root of 31 bytes', { root: Buffer.alloc(31) }],
    ['an empty extension', { extensions: [''] }],
    ['two extensions in one', { extensions: ['a\nb'] }],
  ])('with %s is not written', (_what, change) => {
    expect(() => encodeCheckpoint({ ...checkpoint, ...change })).toThrow(RangeError)
  })
})
