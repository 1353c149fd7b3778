import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

import type { WrapKey } from '../../recording/wrap-key.ts'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A `WrapKey` of 32 bytes that this process holds: AES-256-GCM, nonce ‖ ciphertext ‖ tag. Throws for another length. */
export function aesWrapKey(key: Uint8Array): WrapKey {
  if (key.length !== KEY_BYTES) throw new RangeError('a wrapping key has 32 bytes')
  return {
    async wrap(secret, name) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(Buffer.from(name))
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
    },
    async unwrap(wrapped, name) {
      if (wrapped.length < NONCE_BYTES + TAG_BYTES) throw new TypeError('no wrapped secret')
      const tagStart = wrapped.length - TAG_BYTES
      const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, NONCE_BYTES))
      decipher.setAAD(Buffer.from(name))
      decipher.setAuthTag(wrapped.subarray(tagStart))
      const secret = decipher.update(wrapped.subarray(NONCE_BYTES, tagStart))
      return Buffer.concat([secret, decipher.final()])
    },
  }
}
