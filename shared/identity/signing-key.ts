import { type JWK, calculateJwkThumbprint } from 'jose'

/** Port. The private key Sluice's own tokens are signed with; it need not be on this machine. */
export interface SigningKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string
  readonly algorithm: 'ES256' | 'EdDSA'
  readonly publicJwk: JWK
  /** The signature as JWS has it (RFC 7518 §3.4: R and S, not DER). Rejects when it cannot sign. */
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>
}

/** Everything secret that the gateway itself holds. */
export interface GatewayKeys {
  readonly signing: SigningKey
  /** Public keys that signed earlier: their tokens hold until they expire. */
  readonly retired: readonly JWK[]
  /** At least 32 bytes; newest first. The first seals what people's sign-in hands out, all open it. */
  readonly sealing: readonly [Uint8Array, ...Uint8Array[]]
  /**
   * 32 bytes, of the oldest key: what the mask `TOKEN` makes of a value stays the same when a new signing
   * key comes, and changes when the oldest goes.
   */
  readonly masking: Uint8Array
}

/** The key id of a public key: its RFC 7638 thumbprint. */
export function keyId(publicJwk: JWK): Promise<string> {
  return calculateJwkThumbprint(publicJwk)
}
