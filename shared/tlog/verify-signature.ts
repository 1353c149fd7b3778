import { unreachable } from '../kernel/unreachable.ts'
import { cosignatureMessage, decodeTimestamped } from './cosignature.ts'
import { verifyP256 } from './ecdsa-p256.ts'
import { verifyEd25519 } from './ed25519.ts'
import type { VerifierKey } from './verifier-key.ts'

/** A signature that holds. */
export interface VerifiedSignature {
  readonly key: VerifierKey
  /** When a witness says it signed, to the second; undefined for what is no cosignature. */
  readonly at: number | undefined
}

/**
 * The signature on a note's text by this key, if it holds; undefined if not. `signature` is without
 * the key id. C2SP signed-note, “Signature types”.
 */
export function verifySignature(
  key: VerifierKey,
  text: string,
  signature: Uint8Array,
): VerifiedSignature | undefined {
  const verified = { key, at: undefined }
  switch (key.type) {
    case 'ed25519':
      return verifyEd25519(key.publicKey, Buffer.from(text), signature) ? verified : undefined
    case 'ecdsa-p256':
      return verifyP256(key.publicKey, Buffer.from(text), signature) ? verified : undefined
    case 'ed25519-cosignature': {
      const stamped = decodeTimestamped(signature)
      if (stamped === undefined) return undefined
      const message = cosignatureMessage(text, stamped.seconds)
      return verifyEd25519(key.publicKey, message, stamped.signature)
        ? { key, at: stamped.seconds * 1000 }
        : undefined
    }
    default:
      return unreachable(key.type)
  }
}
