import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import type { Sign } from '../../shared/tlog/sign-note.ts'
import { type KeyType, type VerifierKey, verifierKey } from '../../shared/tlog/verifier-key.ts'

/** A key that signs notes, with the key that verifies them. */
export interface NoteSigner<Type extends KeyType> {
  readonly key: VerifierKey<Type>
  readonly sign: Sign
}

/** A new key of this type and name. */
export function noteSigner<Type extends KeyType>(type: Type, name: string): NoteSigner<Type> {
  const { privateKey } =
    type === 'ecdsa-p256'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('ed25519')
  return signerOf(type, name, privateKey)
}

/** The signer of an Ed25519 seed of 32 bytes, for vectors that name one. */
export function seededSigner<Type extends KeyType>(
  type: Type,
  name: string,
  seed: Uint8Array,
): NoteSigner<Type> {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  const der = Buffer.concat([prefix, seed])
  return signerOf(type, name, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
}

function signerOf<Type extends KeyType>(
  type: Type,
  name: string,
  privateKey: KeyObject,
): NoteSigner<Type> {
  const algorithm = type === 'ecdsa-p256' ? 'sha256' : null
  return {
    key: verifierKey(type, name, createPublicKey(privateKey)),
    sign: (message) => Promise.resolve(sign(algorithm, message, privateKey)),
  }
}
