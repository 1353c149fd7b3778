import { createPrivateKey, type KeyObject, sign } from 'node:crypto'

import { z } from 'zod'

import { CredentialUnavailable } from '../secret-manager/credential-unavailable.ts'
import type { Redacted } from '../secret-manager/redacted.ts'

const keyFile = z.object({
  type: z.literal('service_account'),
  private_key_id: z.string().regex(/^[0-9a-f]{1,64}$/),
  private_key: z.string(),
  client_email: z.string().regex(/^[a-z0-9.-]{1,128}@[a-z0-9.-]{1,128}\.gserviceaccount\.com$/),
  token_uri: z.string(),
  universe_domain: z.literal('googleapis.com').optional(),
})

/** A service account's key. The private part is in a `KeyObject`, which no printing shows. */
export class ServiceAccountKey {
  readonly #privateKey: KeyObject
  readonly #keyId: string
  readonly #clientEmail: string
  readonly #tokenUri: string

  /**
   * Reads the JSON that Google hands out. Throws `CredentialUnavailable` unless it is such a key,
   * RSA of 2,048 bits or more, and for `tokenUri`: another one would be sent what opens BigQuery.
   */
  constructor(payload: Redacted<Buffer>, tokenUri: string) {
    try {
      const file = keyFile.parse(JSON.parse(payload.reveal().toString()))
      this.#privateKey = createPrivateKey(file.private_key)
      this.#keyId = file.private_key_id
      this.#clientEmail = file.client_email
      this.#tokenUri = file.token_uri
    } catch {
      // Parsers quote what they do not understand.
      throw new CredentialUnavailable('key-malformed')
    }
    const { asymmetricKeyType, asymmetricKeyDetails } = this.#privateKey
    const rsa = asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
    if (!rsa || this.#tokenUri !== tokenUri) throw new CredentialUnavailable('key-malformed')
  }

  /** A signed assertion (RFC 7523 §3) for `scope`, good for one hour from `at` (epoch milliseconds). */
  assertion(scope: string, at: number): string {
    const issuedAt = Math.floor(at / 1000)
    const header = { alg: 'RS256', typ: 'JWT', kid: this.#keyId }
    const claims = {
      iss: this.#clientEmail,
      scope,
      aud: this.#tokenUri,
      iat: issuedAt,
      exp: issuedAt + 3600,
    }
    const input = `${encode(header)}.${encode(claims)}`
    return `${input}.${sign('sha256', Buffer.from(input), this.#privateKey).toString('base64url')}`
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
