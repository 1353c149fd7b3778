import { z } from 'zod'

import type { WrapKey } from '../../recording/wrap-key.ts'
import { checksumOf, verifyTransfer, wireBytes, wireChecksum } from './checked-bytes.ts'
import type { KmsCall } from './kms-call.ts'

const encryptReply = z.object({
  ciphertext: wireBytes,
  ciphertextCrc32c: wireChecksum,
  verifiedPlaintextCrc32c: z.boolean().optional(),
  verifiedAdditionalAuthenticatedDataCrc32c: z.boolean().optional(),
})

const decryptReply = z.object({
  // Left out when it is empty, as everything that is empty.
  plaintext: wireBytes.default(Buffer.alloc(0)),
  plaintextCrc32c: wireChecksum,
})

/**
 * A `WrapKey` that Cloud KMS holds: a symmetric key (`projects/…/cryptoKeys/K`), of whose versions the primary one encrypts and
 * all that are enabled decrypt. https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/encrypt
 */
export function kmsWrapKey(call: KmsCall, key: string): WrapKey {
  return {
    async wrap(secret, name) {
      const bound = Buffer.from(name)
      const reply = await call(`${key}:encrypt`, encryptReply, {
        plaintext: Buffer.from(secret).toString('base64'),
        plaintextCrc32c: checksumOf(secret),
        additionalAuthenticatedData: bound.toString('base64'),
        additionalAuthenticatedDataCrc32c: checksumOf(bound),
      })
      const { ciphertext, ciphertextCrc32c } = reply
      verifyTransfer({
        heard: [reply.verifiedPlaintextCrc32c, reply.verifiedAdditionalAuthenticatedDataCrc32c],
        received: [{ bytes: ciphertext, checksum: ciphertextCrc32c }],
      })
      return ciphertext
    },
    async unwrap(wrapped, name) {
      const bound = Buffer.from(name)
      const { plaintext, plaintextCrc32c } = await call(`${key}:decrypt`, decryptReply, {
        ciphertext: Buffer.from(wrapped).toString('base64'),
        ciphertextCrc32c: checksumOf(wrapped),
        additionalAuthenticatedData: bound.toString('base64'),
        additionalAuthenticatedDataCrc32c: checksumOf(bound),
      })
      verifyTransfer({ heard: [], received: [{ bytes: plaintext, checksum: plaintextCrc32c }] })
      return plaintext
    },
  }
}
