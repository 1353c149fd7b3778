import { type KeyObject, hash } from 'node:crypto'

import { p256PublicKey, p256Spki } from './ecdsa-p256.ts'
import { ed25519PublicKey, rawEd25519 } from './ed25519.ts'
import { isKeyName } from './key-name.ts'

/**
 * What a key signs, and how: the text of a note with Ed25519 or with ECDSA P-256 over SHA-256, or
 * as a witness the text and the time with Ed25519.
 */
export type KeyType = 'ed25519' | 'ecdsa-p256' | 'ed25519-cosignature'

/** A public key that notes are verified with. */
export interface VerifierKey<Type extends KeyType = KeyType> {
  readonly type: Type
  readonly name: string
  /** Four bytes in lower-case hex. With the name it tells keys apart; it proves nothing. */
  readonly keyId: string
  readonly publicKey: KeyObject
}

/** C2SP signed-note, “Signature types”. */
export const TYPE_BYTES: Readonly<Record<KeyType, number>> = {
  ed25519: 0x01,
  'ecdsa-p256': 0x02,
  'ed25519-cosignature': 0x04,
}

/**
 * The key as verifiers know it. Throws `TypeError` for a key of another type, one that
 * `ed25519PublicKey` or `p256PublicKey` would refuse, and a name that is none.
 */
export function verifierKey<Type extends KeyType>(
  type: Type,
  name: string,
  publicKey: KeyObject,
): VerifierKey<Type> {
  if (!isKeyName(name)) throw new TypeError('a key name is empty or has spaces or plus signs')
  const material = encodePublicKey(type, publicKey)
  if (decodePublicKey(type, material) === undefined) throw new TypeError('not a key to rely on')
  return { type, name, keyId: keyIdOf(type, name, material), publicKey }
}

/** Whether a key is of this type, such as a witness's. */
export function isOfType<Type extends KeyType>(
  type: Type,
  key: VerifierKey,
): key is VerifierKey<Type> {
  return key.type === type
}

/** The bytes a key has in notes: 32 for Ed25519, its DER SubjectPublicKeyInfo for ECDSA. */
export function encodePublicKey(type: KeyType, key: KeyObject): Buffer {
  return type === 'ecdsa-p256' ? p256Spki(key) : rawEd25519(key)
}

/** The key of the bytes it has in notes; undefined for bytes that are no key to rely on. */
export function decodePublicKey(type: KeyType, material: Uint8Array): KeyObject | undefined {
  return type === 'ecdsa-p256' ? p256PublicKey(material) : ed25519PublicKey(material)
}

/** C2SP signed-note, “Signatures”; of ECDSA keys, “Signature types”: the name does not enter. */
function keyIdOf(type: KeyType, name: string, material: Buffer): string {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(TYPE_BYTES[type]), material])
  return hash('sha256', type === 'ecdsa-p256' ? material : named, 'hex').slice(0, 8)
}
