import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type NoteSignature, encodeNote } from '../../../shared/tlog/note.ts'
import { parseNote } from '../../../shared/tlog/parse-note.ts'
import { cosignNote, signNote } from '../../../shared/tlog/sign-note.ts'
import type { VerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { verifyNote } from '../../../shared/tlog/verify-note.ts'
import { noteSigner } from '../../support/note-keys.ts'

const TEXT = 'acme.example/log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
const AT = 1_790_000_000_000

const log = noteSigner('ed25519', 'acme.example/log')
const kms = noteSigner('ecdsa-p256', 'acme.example/log')
const witness = noteSigner('ed25519-cosignature', 'witness.example')
const keys = [log.key, kms.key, witness.key]

const byLog = await signNote(log.key, TEXT, log.sign)
const byKms = await signNote(kms.key, TEXT, kms.sign)
const byWitness = await cosignNote(witness.key, TEXT, AT, witness.sign)
const all = [byLog, byKms, byWitness]

const verified = (signatures: readonly NoteSignature[], known: readonly VerifierKey[] = keys) => {
  const note = verifyNote({ text: TEXT, signatures }, known)
  return note.ok ? note.value.signatures : note.error
}

describe('a signed note', () => {
  test('is verified with each key it was signed with', () => {
    const read = parseNote(encodeNote({ text: TEXT, signatures: all }))
    if (!read.ok) throw new Error(read.error.problem)
    const note = verifyNote(read.value, keys)
    expect(note).toEqual({
      ok: true,
      value: {
        text: TEXT,
        signatures: [
          { key: log.key, at: undefined },
          { key: kms.key, at: undefined },
          { key: witness.key, at: AT },
        ],
      },
    })
    for (const [place, key] of keys.entries())
      expect(verified(all.slice(place, place + 1), [key])).toMatchObject([{ key }])
  })

  test('by nobody known is nobody’s', () => {
    expect(verified(all, [])).toEqual({ problem: 'note-not-signed' })
    expect(verified([], keys)).toEqual({ problem: 'note-not-signed' })
    const stranger = noteSigner('ed25519', 'stranger.example')
    expect(verified(all, [stranger.key])).toEqual({ problem: 'note-not-signed' })
  })

  test('may be signed by strangers too, also under a name or key id that is known', () => {
    const strange = { ...byLog, signature: Buffer.from('anything') }
    expect(verified([{ ...strange, name: 'stranger.example' }, byLog])).toHaveLength(1)
    expect(verified([{ ...strange, keyId: '00000000' }, byLog])).toHaveLength(1)
    expect(verified([{ ...strange, name: 'stranger.example' }])).toEqual({
      problem: 'note-not-signed',
    })
  })

  test('is refused for one invalid signature by a known key, also beside valid ones', () => {
    for (const signature of all) {
      const broken = { ...signature, signature: Buffer.from(signature.signature).fill(0) }
      const { name, keyId } = signature
      const refusal = { problem: 'note-signature-invalid', name, keyId }
      expect(verified([broken])).toEqual(refusal)
      expect(verified([...all, broken])).toEqual(refusal)
      expect(verified([broken, ...all])).toEqual(refusal)
    }
  })

  test('counts a key once, and of a witness what it signed last', async () => {
    const later = await cosignNote(witness.key, TEXT, AT + 5999, witness.sign)
    for (const order of [
      [byWitness, later],
      [later, byWitness],
    ])
      expect(verified([...order, byLog, byLog])).toEqual([
        { key: witness.key, at: AT + 5000 },
        { key: log.key, at: undefined },
      ])
  })

  test('cannot be verified when two keys share name and key id', () => {
    const double = { ...kms.key, name: log.key.name, keyId: log.key.keyId }
    const refusal = { problem: 'note-keys-ambiguous', name: log.key.name, keyId: log.key.keyId }
    expect(verified([byLog], [log.key, double])).toEqual(refusal)
    expect(verified([byKms], [log.key, log.key])).toEqual(refusal)
  })

  test('is refused for a flipped bit in its text or in any signature', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.nat(), (signature, place) => {
        const broken = { ...signature, signature: flipped(signature.signature, place) }
        expect(verified([broken])).toMatchObject({ problem: 'note-signature-invalid' })
        const text = flipped(Buffer.from(TEXT), place).toString('latin1')
        expect(verifyNote({ text, signatures: [signature] }, keys)).toMatchObject({
          error: { problem: 'note-signature-invalid' },
        })
      }),
      { numRuns: 1500 },
    )
  })
})

describe('a signature', () => {
  test('made for one use holds for no other', () => {
    const asWitness: VerifierKey = { ...witness.key, type: 'ed25519' }
    const asLog: VerifierKey = { ...log.key, type: 'ed25519-cosignature' }
    const asKms: VerifierKey = { ...kms.key, type: 'ed25519' }
    const asEd25519: VerifierKey = { ...log.key, type: 'ecdsa-p256' }
    const signatures = [byWitness, byLog, byKms, byLog]
    for (const [place, key] of [asWitness, asLog, asKms, asEd25519].entries())
      expect(verified(signatures.slice(place, place + 1), [key])).toMatchObject({
        problem: 'note-signature-invalid',
      })
  })

  test('that would not verify is not handed out', async () => {
    const other = noteSigner('ed25519', 'acme.example/log')
    await expect(signNote(log.key, TEXT, other.sign)).rejects.toThrow('does not verify')
    await expect(signNote(kms.key, TEXT, log.sign)).rejects.toThrow('does not verify')
    await expect(cosignNote(witness.key, TEXT, AT, log.sign)).rejects.toThrow('does not verify')
  })

  test('is not asked for on what is no note’s text, nor at no time', async () => {
    let asked = 0
    const counting = (message: Uint8Array) => {
      asked += 1
      return log.sign(message)
    }
    for (const text of ['', 'text', 'a\tb\n', '\u{d800}\n']) {
      await expect(signNote(log.key, text, counting)).rejects.toThrow(TypeError)
      await expect(cosignNote(witness.key, text, AT, counting)).rejects.toThrow(TypeError)
    }
    for (const at of [-1, Number.NaN, Infinity, 2 ** 60])
      await expect(cosignNote(witness.key, TEXT, at, counting)).rejects.toThrow(RangeError)
    expect(asked).toBe(0)
  })
})

/** The bytes with one bit changed: which one, counted through all of them. */
function flipped(bytes: Uint8Array, place: number): Buffer {
  const copy = Buffer.from(bytes)
  const bit = place % (copy.length * 8)
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return copy
}
