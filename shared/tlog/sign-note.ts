import { cosignatureMessage, encodeTimestamped } from './cosignature.ts'
import { type NoteSignature, isNoteText } from './note.ts'
import type { VerifierKey } from './verifier-key.ts'
import { verifySignature } from './verify-signature.ts'

/**
 * Port. Signs a message with the private key of a verifier key: 64 bytes for Ed25519, DER for ECDSA
 * over the message's SHA-256. Rejects when it cannot sign.
 */
export type Sign = (message: Uint8Array) => Promise<Uint8Array>

/**
 * A signature on a note's text. Throws `TypeError` for a text no note can have; throws when what
 * was signed does not verify with the key, as verifiers would refuse the whole note for it.
 */
export async function signNote(
  key: VerifierKey<'ed25519' | 'ecdsa-p256'>,
  text: string,
  sign: Sign,
): Promise<NoteSignature> {
  return signed(key, text, await sign(signable(text)))
}

/**
 * A witness's signature on a checkpoint's text, at a time in epoch milliseconds, of which whole
 * seconds are signed. Throws as `signNote` does, and `RangeError` for a time that has no such form.
 */
export async function cosignNote(
  key: VerifierKey<'ed25519-cosignature'>,
  text: string,
  at: number,
  sign: Sign,
): Promise<NoteSignature> {
  signable(text)
  const seconds = Math.floor(at / 1000)
  const signature = await sign(cosignatureMessage(text, seconds))
  return signed(key, text, encodeTimestamped({ seconds, signature }))
}

function signable(text: string): Buffer {
  if (!isNoteText(text))
    throw new TypeError('the text of a note is lines without control characters')
  return Buffer.from(text)
}

function signed(key: VerifierKey, text: string, signature: Uint8Array): NoteSignature {
  if (verifySignature(key, text, signature) === undefined)
    throw new Error(`what was signed does not verify with the key \`${key.name}+${key.keyId}\``)
  return { name: key.name, keyId: key.keyId, signature }
}
