import { type KeyObject, createPublicKey, verify } from 'node:crypto'

/**
 * The P-256 public key of a DER SubjectPublicKeyInfo; undefined unless it is the one encoding of an
 * uncompressed point on the curve, so that one key has one key id. RFC 5480 §2.
 */
export function p256PublicKey(spki: Uint8Array): KeyObject | undefined {
  if (spki.length !== SPKI_BYTES || Buffer.compare(spki.subarray(0, PREFIX.length), PREFIX) !== 0)
    return undefined
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

/**
 * The DER SubjectPublicKeyInfo of a P-256 public key. Throws `TypeError` for a key of another kind.
 */
export function p256Spki(key: KeyObject): Buffer {
  if (key.type !== 'public' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new TypeError('not a P-256 public key')
  return key.export({ format: 'der', type: 'spki' })
}

/**
 * Whether an ECDSA signature over the SHA-256 of a message holds: DER, of R and S in their range.
 * There are two signatures for each, (R, S) and (R, -S): never tell signatures apart by their
 * bytes.
 */
export function verifyP256(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return (
    key.asymmetricKeyDetails?.namedCurve === 'prime256v1' &&
    verify('sha256', message, { key, dsaEncoding: 'der' }, signature)
  )
}

// id-ecPublicKey, secp256r1, and a bit string that starts with an uncompressed point.
const PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')
const SPKI_BYTES = PREFIX.length + 64
