import { describe, expect, test } from 'vitest'

import { encodeCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { encodeNote } from '../../../shared/tlog/note.ts'
import { openCheckpoint } from '../../../shared/tlog/open-checkpoint.ts'
import { cosignNote, signNote } from '../../../shared/tlog/sign-note.ts'
import { noteSigner } from '../../support/note-keys.ts'

const ORIGIN = 'acme.example/log'
const checkpoint = { origin: ORIGIN, size: 7, root: Buffer.alloc(32, 7), extensions: [] }
const TEXT = encodeCheckpoint(checkpoint)
const log = noteSigner('ed25519', ORIGIN)
const kms = noteSigner('ecdsa-p256', ORIGIN)
const witness = noteSigner('ed25519-cosignature', 'witness.example')
const byLog = await signNote(log.key, TEXT, log.sign)
const byKms = await signNote(kms.key, TEXT, kms.sign)
const byWitness = await cosignNote(witness.key, TEXT, 5000, witness.sign)
const trust = { origin: ORIGIN, keys: [log.key, kms.key], witnesses: [witness.key] }

describe('opening a checkpoint', () => {
  test('gives what its log signed, apart from what witnesses saw', () => {
    const note = encodeNote({ text: TEXT, signatures: [byWitness, byKms, byLog] })
    expect(openCheckpoint(note, trust)).toEqual({
      ok: true,
      value: {
        ...checkpoint,
        signatures: [
          { key: kms.key, at: undefined },
          { key: log.key, at: undefined },
        ],
        cosignatures: [{ key: witness.key, at: 5000 }],
      },
    })
  })

  test.each([
    ['by witnesses alone', [byWitness], { problem: 'checkpoint-not-signed-by-log' }],
    ['by strangers alone', [{ ...byLog, name: 'x' }], { problem: 'note-not-signed' }],
    [
      'with a broken cosignature',
      [byLog, { ...byWitness, signature: byLog.signature }],
      { problem: 'note-signature-invalid', name: 'witness.example', keyId: witness.key.keyId },
    ],
  ])('refuses one signed %s', (_what, signatures, error) => {
    expect(openCheckpoint(encodeNote({ text: TEXT, signatures }), trust)).toEqual({
      ok: false,
      error,
    })
  })

  test('refuses another log’s checkpoint under a shared key', async () => {
    const origin = 'other.example/log'
    const text = encodeCheckpoint({ ...checkpoint, origin })
    const note = encodeNote({ text, signatures: [await signNote(log.key, text, log.sign)] })
    expect(openCheckpoint(note, trust)).toEqual({
      ok: false,
      error: { problem: 'checkpoint-of-another-log', origin },
    })
  })

  test('refuses what its log signed and is no checkpoint', async () => {
    const text = 'I have nothing to hide.\n'
    const note = encodeNote({ text, signatures: [await signNote(log.key, text, log.sign)] })
    expect(openCheckpoint(note, trust)).toEqual({
      ok: false,
      error: { problem: 'checkpoint-malformed', line: 'size' },
    })
    expect(openCheckpoint(Buffer.from(text), trust)).toEqual({
      ok: false,
      error: { problem: 'note-malformed' },
    })
  })

  test('refuses a key that is the log’s and a witness’s at once', () => {
    const note = encodeNote({ text: TEXT, signatures: [byWitness] })
    const { name, keyId } = witness.key
    expect(openCheckpoint(note, { ...trust, keys: [log.key, witness.key] })).toEqual({
      ok: false,
      error: { problem: 'note-keys-ambiguous', name, keyId },
    })
  })
})
