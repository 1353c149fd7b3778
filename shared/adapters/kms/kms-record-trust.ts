import type { LogSigners } from '../../recording/log/log-signers.ts'
import type { KmsCall } from './kms-call.ts'
import { kmsLogSigners } from './kms-log-signers.ts'
import { kmsSigner } from './kms-signer.ts'

/**
 * Whose signatures count for the log of this origin, as Cloud KMS has them: the two keys of the log, and the DER
 * SubjectPublicKeyInfo of what certifies writers. It takes leave to see public keys (`roles/cloudkms.publicKeyViewer`) and no more.
 * Rejects as `KmsCall` does.
 */
export async function kmsRecordTrust(
  call: KmsCall,
  keyRing: string,
  origin: string,
): Promise<{ readonly signers: LogSigners; readonly authorities: readonly Uint8Array[] }> {
  const authority = `${keyRing}/cryptoKeys/writer-authority/cryptoKeyVersions/1`
  const [signers, { publicKey }] = await Promise.all([
    kmsLogSigners(call, keyRing, origin),
    kmsSigner(call, authority, 'EC_SIGN_P256_SHA256'),
  ])
  return { signers, authorities: [publicKey.export({ format: 'der', type: 'spki' })] }
}
