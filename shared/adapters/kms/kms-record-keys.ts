import { hash } from 'node:crypto'

import type { RecordKeys } from '../record-keys.ts'
import type { KmsCall } from './kms-call.ts'
import { kmsLogSigners } from './kms-log-signers.ts'
import { kmsMac } from './kms-mac.ts'
import { kmsSigner } from './kms-signer.ts'
import { kmsWrapKey } from './kms-wrap-key.ts'

/**
 * The keys of the record in a key ring (`projects/P/locations/L/keyRings/R`) of Cloud KMS, for the log of this origin:
 *
 * - `log-ed25519` and `log-p256` sign checkpoints; they are asked for only by whoever publishes the log,
 * - `writer-authority`, P-256, certifies the keys of writers,
 * - `session-secrets`, symmetric, wraps the secrets of sessions,
 * - `digest`, HMAC-SHA-256, gives the key of effective digests.
 *
 * Of all but `session-secrets` version 1 is used. Rejects as `KmsCall` does.
 */
export async function kmsRecordKeys(
  call: KmsCall,
  keyRing: string,
  origin: string,
): Promise<RecordKeys> {
  const keyOf = (name: string) => `${keyRing}/cryptoKeys/${name}`
  const first = (name: string) => `${keyOf(name)}/cryptoKeyVersions/1`
  const [authority, digest] = await Promise.all([
    kmsSigner(call, first('writer-authority'), 'EC_SIGN_P256_SHA256'),
    kmsMac(call, first('digest'), `sluice effective digest v1 ${origin}`),
  ])
  const publicKey = authority.publicKey.export({ format: 'der', type: 'spki' })
  return {
    log: () => kmsLogSigners(call, keyRing, origin),
    authority: { id: hash('sha256', publicKey, 'hex'), publicKey, sign: authority.sign },
    wrapKey: kmsWrapKey(call, keyOf('session-secrets')),
    digest,
  }
}
