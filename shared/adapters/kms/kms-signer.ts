import { type KeyObject, createPublicKey, hash } from 'node:crypto'

import { z } from 'zod'

import { NoReply } from '../whole-reply.ts'
import { checksumOf, verifyTransfer, wireBytes, wireChecksum } from './checked-bytes.ts'
import type { KmsCall } from './kms-call.ts'

/** A key version of Cloud KMS that signs. */
export interface KmsSigner {
  readonly publicKey: KeyObject
  /** The signature over the message: Ed25519, or DER of ECDSA over its SHA-256. Rejects as `KmsCall` does. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>
}

/** Cloud KMS's names of the two algorithms that the log is signed with. */
export type SigningAlgorithm = 'EC_SIGN_ED25519' | 'EC_SIGN_P256_SHA256'

const publicKeyReply = z.object({
  pem: z.string(),
  algorithm: z.string(),
  pemCrc32c: wireChecksum,
  name: z.string(),
})

const signReply = z.object({
  signature: wireBytes,
  signatureCrc32c: wireChecksum,
  verifiedDigestCrc32c: z.boolean().optional(),
  verifiedDataCrc32c: z.boolean().optional(),
  name: z.string(),
})

/**
 * The signer of a key version (`projects/…/cryptoKeyVersions/N`). Rejects for a version of another algorithm, and as
 * `KmsCall` does. https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys.cryptoKeyVersions/asymmetricSign
 */
export async function kmsSigner(
  call: KmsCall,
  version: string,
  algorithm: SigningAlgorithm,
): Promise<KmsSigner> {
  const { pem, name, pemCrc32c, ...found } = await call(`${version}/publicKey`, publicKeyReply)
  verifyTransfer({ heard: [], received: [{ bytes: Buffer.from(pem), checksum: pemCrc32c }] })
  mustBe(version, name)
  const publicKey = publicKeyIn(pem)
  if (found.algorithm !== algorithm || publicKey === undefined || !isOf(algorithm, publicKey))
    throw new Error(`\`${version}\` is no key of algorithm \`${algorithm}\``)
  return {
    publicKey,
    async sign(message) {
      const { body, heard } = asked(algorithm, message)
      const reply = await call(`${version}:asymmetricSign`, signReply, body)
      const { signature, signatureCrc32c } = reply
      verifyTransfer({
        heard: [reply[heard]],
        received: [{ bytes: signature, checksum: signatureCrc32c }],
      })
      mustBe(version, reply.name)
      return signature
    },
  }
}

function publicKeyIn(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

/** Whatever else is said of it. */
function isOf(algorithm: SigningAlgorithm, key: KeyObject): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (algorithm === 'EC_SIGN_ED25519') return type === 'ed25519'
  return type === 'ec' && details?.namedCurve === 'prime256v1'
}

/** Ed25519 hashes the message itself; ECDSA is given the digest. */
function asked(algorithm: SigningAlgorithm, message: Uint8Array) {
  if (algorithm === 'EC_SIGN_ED25519') {
    const data = Buffer.from(message).toString('base64')
    return {
      body: { data, dataCrc32c: checksumOf(message) },
      heard: 'verifiedDataCrc32c',
    } as const
  }
  const digest = hash('sha256', message, 'buffer')
  return {
    body: { digest: { sha256: digest.toString('base64') }, digestCrc32c: checksumOf(digest) },
    heard: 'verifiedDigestCrc32c',
  } as const
}

/** Cloud KMS says which version it used. */
function mustBe(version: string, name: string): void {
  if (name !== version) throw new NoReply(`cloud kms answers for another key than \`${version}\``)
}
