import type { LogSigner, LogSigners } from '../../recording/log/log-signers.ts'
import { verifierKey } from '../../tlog/verifier-key.ts'
import type { KmsCall } from './kms-call.ts'
import { type SigningAlgorithm, kmsSigner } from './kms-signer.ts'

/**
 * What signs checkpoints of the log of this origin: version 1 of `log-ed25519` and of `log-p256` in a key ring
 * (`projects/P/locations/L/keyRings/R`). Until it signs it reads public keys only. Rejects as `KmsCall` does.
 */
export async function kmsLogSigners(
  call: KmsCall,
  keyRing: string,
  origin: string,
): Promise<LogSigners> {
  const signerOf = async <Type extends 'ed25519' | 'ecdsa-p256'>(
    type: Type,
    name: string,
    algorithm: SigningAlgorithm,
  ): Promise<LogSigner<Type>> => {
    const version = `${keyRing}/cryptoKeys/${name}/cryptoKeyVersions/1`
    const signer = await kmsSigner(call, version, algorithm)
    return { key: verifierKey(type, origin, signer.publicKey), sign: signer.sign }
  }
  const [ed25519, p256] = await Promise.all([
    signerOf('ed25519', 'log-ed25519', 'EC_SIGN_ED25519'),
    signerOf('ecdsa-p256', 'log-p256', 'EC_SIGN_P256_SHA256'),
  ])
  return { ed25519, p256 }
}
