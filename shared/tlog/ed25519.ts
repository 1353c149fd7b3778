import { type KeyObject, createPublicKey, verify } from 'node:crypto'

import { isLowOrder, isSoundPoint } from './ed25519-point.ts'

// RFC 8032 §5.1.5 and §5.1.6: a key is a point, a signature a point and a number of as many bytes.
const POINT_BYTES = 32
const SIGNATURE_BYTES = 64

/** The public key these 32 bytes encode; undefined unless `isSoundPoint` holds for them. */
export function ed25519PublicKey(raw: Uint8Array): KeyObject | undefined {
  if (raw.length !== POINT_BYTES || !isSoundPoint(raw)) return undefined
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
 * below the group's order and R compared as bytes. R is not of low order: some releases of Node
 * would refuse it and others not, and a record has one verdict.
 */
export function verifyEd25519(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return (
    key.asymmetricKeyType === 'ed25519' &&
    signature.length === SIGNATURE_BYTES &&
    !isLowOrder(signature.subarray(0, POINT_BYTES)) &&
    verify(null, message, key, signature)
  )
}

// SubjectPublicKeyInfo of id-Ed25519, up to the key. RFC 8410 §4.
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
