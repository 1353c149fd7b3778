import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isKeyName } from '../../../shared/tlog/key-name.ts'
import { encodeNote, isNoteText } from '../../../shared/tlog/note.ts'
import { parseNote } from '../../../shared/tlog/parse-note.ts'

const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(isKeyName)
const keyIds = fc.stringMatching(/^[0-9a-f]{8}$/)
const notes = fc.record({
  text: fc
    .array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 5 })
    .map((lines) => `${lines.join('\n')}\n`)
    .filter(isNoteText),
  signatures: fc.array(
    fc.record({
      name: names,
      keyId: keyIds,
      signature: fc.uint8Array({ minLength: 1, maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    }),
    { minLength: 1, maxLength: 4 },
  ),
})
const problemOf = (bytes: Uint8Array) => {
  const parsed = parseNote(bytes)
  return parsed.ok ? undefined : parsed.error.problem
}

describe('a note', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(notes, (note) => {
        expect(parseNote(encodeNote(note))).toEqual({ ok: true, value: note })
      }),
      { numRuns: 500 },
    )
  })

  test('has one form: what is read is written as the same bytes', () => {
    fc.assert(
      fc.property(notes, fc.nat(), fc.nat(255), (note, place, byte) => {
        const bytes = encodeNote(note)
        bytes.writeUInt8(byte, place % bytes.length)
        const read = parseNote(bytes)
        if (read.ok) expect(encodeNote(read.value)).toEqual(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  test('may have empty lines: the last one ends its text', () => {
    const line = '— a AAAAAAA=\n'
    const text = `one\n\n${line}\n\ntwo\n\n`
    const read = parseNote(Buffer.from(`${text}\n${line}`))
    expect(read.ok && read.value.text).toBe(text)
    expect(read.ok && read.value.signatures).toEqual([
      { name: 'a', keyId: '00000000', signature: Buffer.of(0) },
    ])
  })

  test('may start with a byte order mark, which is signed with it', () => {
    const bytes = Buffer.from('\u{feff}text\n\n— a AAAAAAA=\n')
    const read = parseNote(bytes)
    expect(read.ok && read.value.text).toBe('\u{feff}text\n')
  })
})

const ID = 'AAAAAAA='
const lines = (count: number): string => `— a ${ID}\n`.repeat(count)

describe('no note', () => {
  test.each([
    ['nothing', ''],
    ['no signature', 'text\n'],
    ['no signature after the empty line', 'text\n\n'],
    ['no empty line', `text\n— a ${ID}\n`],
    ['no text', `\n— a ${ID}\n`],
    ['no newline at the end', `text\n\n— a ${ID}`],
    ['an empty line after the signatures', `text\n\n— a ${ID}\n\n`],
  ])('%s', (_what, note) => {
    expect(problemOf(Buffer.from(note))).toBe('note-malformed')
  })

  test.each([
    ['a hyphen', `- a ${ID}`],
    ['an en dash', `– a ${ID}`],
    ['no name', `—  ${ID}`],
    ['a name with a plus sign', `— a+b ${ID}`],
    ['a name with a no-break space', `— a\u{a0}b ${ID}`],
    ['two spaces', `— a  ${ID}`],
    ['a space at the end', `— a ${ID} `],
    ['no signature', '— a'],
    ['an empty signature', '— a '],
    ['a key id alone', '— a AAAAAA=='],
    ['base64 without padding', '— a AAAAAAA'],
    ['base64 with loose bits', '— a AAAAAAB='],
    ['base64url', '— a AAAA-AA='],
    ['something in front', ` — a ${ID}`],
  ])('a signature line with %s', (_what, line) => {
    expect(problemOf(Buffer.from(`text\n\n${line}\n`))).toBe('note-signature-line')
    // One line that is wrong is enough.
    expect(problemOf(Buffer.from(`text\n\n— a ${ID}\n${line}\n`))).toBe('note-signature-line')
  })

  test.each([
    ['a tab', '09'],
    ['a carriage return', '0d'],
    ['a NUL', '00'],
    ['a unit separator', '1f'],
    ['a lone continuation byte', '80'],
    ['half a surrogate pair', 'eda080'],
    ['an overlong newline', 'c08a'],
    ['an unfinished character', 'e282'],
  ])('%s', (_what, hex) => {
    const tail = Buffer.from(`\n\n— a ${ID}\n`)
    expect(problemOf(Buffer.concat([Buffer.from('x'), tail]))).toBeUndefined()
    expect(problemOf(Buffer.concat([Buffer.from(hex, 'hex'), tail]))).toBe('note-not-text')
  })

  test('more than 100 signatures, or more than 1,000,000 bytes', () => {
    expect(problemOf(Buffer.from(`text\n\n${lines(100)}`))).toBeUndefined()
    expect(problemOf(Buffer.from(`text\n\n${lines(101)}`))).toBe('note-too-long')
    const rest = `\n\n${lines(1)}`
    const room = 1_000_000 - Buffer.byteLength(rest)
    expect(problemOf(Buffer.from(`${'x'.repeat(room)}${rest}`))).toBeUndefined()
    expect(problemOf(Buffer.from(`${'x'.repeat(room + 1)}${rest}`))).toBe('note-too-long')
  })

  test('is written either', () => {
    const signature = { name: 'a', keyId: '00000000', signature: Buffer.of(0) }
    const note = { text: 'text\n', signatures: [signature] }
    expect(() => encodeNote(note)).not.toThrow()
    const none = [
      { ...note, text: 'text' },
      { ...note, text: '' },
      { ...note, text: 'a\tb\n' },
      { ...note, text: '\u{d800}\n' },
      { ...note, text: `${'x'.repeat(1_000_000)}\n` },
      { ...note, signatures: [] },
      { ...note, signatures: Array.from({ length: 101 }, () => signature) },
      { ...note, signatures: [{ ...signature, name: 'a b' }] },
      { ...note, signatures: [{ ...signature, name: 'a\n' }] },
      { ...note, signatures: [{ ...signature, keyId: '0000000G' }] },
      { ...note, signatures: [{ ...signature, keyId: '000000' }] },
      { ...note, signatures: [{ ...signature, signature: Buffer.of() }] },
    ]
    for (const other of none) expect(() => encodeNote(other)).toThrow(TypeError)
  })
})
