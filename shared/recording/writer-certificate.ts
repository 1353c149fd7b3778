import { canonicalJson } from '../kernel/canonical-json.ts'
import { preAuthenticationEncoding } from '../tlog/pre-authentication-encoding.ts'

const CERTIFICATE_TYPE = 'application/vnd.sluice.writer-certificate.v1+json'

/** Whose key it is that signs stamps, and for how long. FORMAT.md §4. */
export interface WriterCertificate {
  readonly v: 1
  /** Origin of the log. */
  readonly log: string
  readonly writer: string
  /** Ed25519, 32 bytes, base64. */
  readonly publicKey: string
  /** Epoch milliseconds. */
  readonly from: number
  readonly until: number
}

/** What the writer authority signs, and what stamp 0 names by its SHA-256. */
export function certificateMessage(text: string): Buffer {
  return preAuthenticationEncoding(CERTIFICATE_TYPE, Buffer.from(text))
}

/** The text of a certificate. */
export function encodeCertificate(certificate: WriterCertificate): string {
  return canonicalJson(certificate)
}

/**
 * Port. The one key that vouches for writers: Cloud KMS, or the key file. `sign` gives ECDSA P-256 with
 * SHA-256 over the message, DER; it rejects when it cannot.
 */
export interface WriterAuthority {
  /** SHA-256, hex, of its SubjectPublicKeyInfo. */
  readonly id: string
  sign(message: Uint8Array): Promise<Uint8Array>
}
