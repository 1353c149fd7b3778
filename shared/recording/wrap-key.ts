/**
 * Port. The key that the secrets of the record are kept under: Cloud KMS, or the key file. Both methods reject when
 * the key cannot be used.
 */
export interface WrapKey {
  /** Encrypts a secret, bound to `name`. */
  wrap(secret: Uint8Array, name: string): Promise<Uint8Array>
  /** The secret that was wrapped under this name. Rejects for bytes that were not. */
  unwrap(wrapped: Uint8Array, name: string): Promise<Uint8Array>
}
