import { type KeyObject, createPublicKey, verify } from 'node:crypto'

import { isSoundPoint } from './ed25519-point.ts'

/** The length of an Ed25519 public key, in bytes. RFC 8032 §5.1.5. */
const KEY_BYTES = 32

/** The public key these 32 bytes encode; undefined unless `isSoundPoint` holds for them. */
export function ed25519PublicKey(raw: Uint8Array): KeyObject | undefined {
  if (raw.length !== KEY_BYTES || !isSoundPoint(raw)) return undefined
  return createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, raw]),
    format: 'der',
    type: 'spki',
  })
}

/** The 32 bytes of an Ed25519 public key. Throws `TypeError` for a key of another kind. */
export function rawEd25519(key: KeyObject): Buffer {
  if (key.type !== 'public' || key.asymmetricKeyType !== 'ed25519')
    throw new TypeError('not an Ed25519 public key')
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length)
}

/**
 * Whether an Ed25519 signature over a message holds: RFC 8032 §5.1.7 without the cofactor, with S
 * below the group's order and R compared as bytes.
 */
export function verifyEd25519(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return key.asymmetricKeyType === 'ed25519' && verify(null, message, key, signature)
}

// SubjectPublicKeyInfo of id-Ed25519, up to the key. RFC 8410 §4.
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
