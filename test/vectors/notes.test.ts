import { createPublicKey } from 'node:crypto'

import { expect, test } from 'vitest'
import { z } from 'zod'

import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { encodeNote } from '../../shared/tlog/note.ts'
import { parseNote } from '../../shared/tlog/parse-note.ts'
import { signNote } from '../../shared/tlog/sign-note.ts'
import { encodeVerifierKey, parseVerifierKey } from '../../shared/tlog/verifier-key-text.ts'
import { type VerifierKey, verifierKey } from '../../shared/tlog/verifier-key.ts'
import { verifyNote } from '../../shared/tlog/verify-note.ts'
import { seededSigner } from '../support/note-keys.ts'
import { describeVectors } from '../support/vectors.ts'

const signedNotes = z.array(
  z.object({
    src: z.string(),
    vkey: z.string().optional(),
    skey: z.string().optional(),
    note: z.string().optional(),
    noteFile: z.string().optional(),
    cosignature: z.boolean().optional(),
    ok: z.boolean().nullable(),
  }),
)

describeVectors('notes', (vectors) => {
  const notes = signedNotes.parse(vectors.json('signed-notes.json')).map((vector) => ({
    ...vector,
    bytes:
      vector.noteFile === undefined
        ? Buffer.from(vector.note ?? '')
        : vectors.bytes(vector.noteFile),
  }))

  test('there are nine notes, eight of them with a key', () => {
    expect(notes).toHaveLength(9)
    expect(notes.filter(({ vkey }) => vkey !== undefined)).toHaveLength(8)
  })

  test.each(notes)('$src', ({ vkey, bytes, cosignature = false, ok }) => {
    const note = parseNote(bytes)
    if (!note.ok) throw new Error(note.error.problem)
    expect(encodeNote(note.value)).toEqual(bytes)
    if (vkey === undefined) {
      // Its key is not published: it is known by its form alone.
      expect(ok).toBeNull()
      expect(parseCheckpoint(note.value.text)).toMatchObject({ ok: true, value: { size: 1 } })
      return
    }
    const key = keyOf(vkey)
    expect(encodeVerifierKey(key)).toBe(vkey)
    expect(key.type).toBe(cosignature ? 'ed25519-cosignature' : 'ed25519')
    const verified = verifyNote(note.value, [key])
    expect(verified.ok).toBe(ok)
    expect(verified.ok && verified.value.signatures).toEqual([
      { key, at: cosignature ? 1_767_139_200_000 : undefined },
    ])
    const text = note.value.text.replace(/.$/m, '~')
    expect(verifyNote({ ...note.value, text }, [key])).toMatchObject({
      ok: false,
      error: { problem: 'note-signature-invalid' },
    })
  })

  test('we sign the same bytes as Go with the same key', async () => {
    const vector = notes.find(({ skey }) => skey !== undefined)
    const key = keyOf(vector?.vkey ?? '')
    // PRIVATE+KEY+<name>+<key id>+<type and seed>
    const [, , , , ...base64] = vector?.skey?.split('+') ?? []
    const seed = Buffer.from(base64.join('+'), 'base64')
    const signer = seededSigner('ed25519', key.name, seed.subarray(1))
    expect(encodeVerifierKey(signer.key)).toBe(vector?.vkey)
    const [text = ''] = vector?.note?.split(/(?<=\n)\n/) ?? []
    const signatures = [await signNote(signer.key, text, signer.sign)]
    expect(encodeNote({ text, signatures })).toEqual(vector?.bytes)
  })

  test('Rekor’s key ids', () => {
    const vector = z
      .object({
        origin: z.string(),
        ed25519PrivPem: z.string(),
        ed25519KeyId: z.number(),
        ecdsaPrivPem: z.string(),
        ecdsaKeyId: z.number(),
      })
      .parse(vectors.json('key-ids.json'))
    const ed25519 = createPublicKey(vector.ed25519PrivPem)
    const p256 = createPublicKey(vector.ecdsaPrivPem)
    expect(idOf(verifierKey('ed25519', vector.origin, ed25519))).toBe(vector.ed25519KeyId)
    expect(idOf(verifierKey('ecdsa-p256', vector.origin, p256))).toBe(vector.ecdsaKeyId)
  })
})

function keyOf(vkey: string): VerifierKey {
  const key = parseVerifierKey(vkey)
  if (!key.ok) throw new Error(key.error.problem)
  return key.value
}

const idOf = ({ keyId }: VerifierKey): number => Number.parseInt(keyId, 16)
