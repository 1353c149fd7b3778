import { type Result, err, ok } from '../kernel/result.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { isKeyName } from './key-name.ts'
import {
  type KeyType,
  TYPE_BYTES,
  type VerifierKey,
  decodePublicKey,
  encodePublicKey,
  verifierKey,
} from './verifier-key.ts'

/**
 * Why a text is no verifier key: it is not written as one, it is of a type that is not verified
 * here, its public key cannot be relied on, or the key id is that of another key.
 */
export interface VerifierKeyProblem {
  readonly problem: 'vkey-malformed' | 'vkey-type' | 'vkey-public-key' | 'vkey-key-id'
}

/** A key as text, `<name>+<key id>+<type and key>`. C2SP signed-note, “Verifier keys”. */
export function encodeVerifierKey({ type, name, keyId, publicKey }: VerifierKey): string {
  const key = Buffer.concat([Buffer.of(TYPE_BYTES[type]), encodePublicKey(type, publicKey)])
  return `${name}+${keyId}+${encodeBase64(key)}`
}

/** The key a text stands for. Only what `encodeVerifierKey` writes is one. */
export function parseVerifierKey(text: string): Result<VerifierKey, VerifierKeyProblem> {
  // The name has no plus sign, the base64 after the second one may have some.
  const [, name = '', keyId = '', base64 = ''] =
    /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? []
  const bytes = decodeBase64(base64)
  if (!isKeyName(name) || bytes === undefined) return err({ problem: 'vkey-malformed' })
  const type = TYPES.find((candidate) => TYPE_BYTES[candidate] === bytes[0])
  if (type === undefined) return err({ problem: 'vkey-type' })
  const publicKey = decodePublicKey(type, bytes.subarray(1))
  if (publicKey === undefined) return err({ problem: 'vkey-public-key' })
  const key = verifierKey(type, name, publicKey)
  return key.keyId === keyId ? ok(key) : err({ problem: 'vkey-key-id' })
}

const TYPES: readonly KeyType[] = ['ed25519', 'ecdsa-p256', 'ed25519-cosignature']
