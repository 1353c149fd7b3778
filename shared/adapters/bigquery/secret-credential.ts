import { z } from 'zod'

import type { Clock } from '../../kernel/clock.ts'
import { CredentialUnavailable } from '../secret-manager/credential-unavailable.ts'
import { Redacted } from '../secret-manager/redacted.ts'
import type { ReadSecret } from '../secret-manager/secret-manager-reader.ts'
import { BIGQUERY_SCOPE, type CredentialProvider } from './credential.ts'
import { ServiceAccountKey } from './service-account-key.ts'
import { type FetchGrant, SKEW_MS, tokenCache } from './token-cache.ts'
import { ACCESS_TOKEN, requestToken } from './token-endpoint.ts'

export interface SecretCredentialOptions {
  /** `projects/P/secrets/S/versions/V`; V may be `latest`. */
  readonly secret: string
  readonly readSecret: ReadSecret
  readonly clock: Clock
  /** How often the version is looked up again. Default five minutes. */
  readonly refreshMs?: number
  /** The only token endpoint a key may name. Default Google's; another one is for tests. */
  readonly tokenUri?: string
}

/**
 * Access tokens for a service-account key kept in Secret Manager.
 *
 * Every `refreshMs`, and when BigQuery refuses a token, the version is resolved anew: a new one takes
 * over without a restart, a disabled one stops Sluice. No token is requested with a key that Secret
 * Manager did not confirm just then; while it is down, the last token serves until it expires.
 */
export function secretCredential(options: SecretCredentialOptions): CredentialProvider {
  const { secret, readSecret, clock, refreshMs = 5 * 60_000 } = options
  const tokenUri = options.tokenUri ?? 'https://oauth2.googleapis.com/token'
  let pinned: { readonly version: string; readonly key: ServiceAccountKey } | undefined

  const fetchGrant: FetchGrant = async (previous) => {
    const { version, payload } = await readSecret(secret)
    const now = clock()
    const refreshAt = now + refreshMs
    if (previous?.version === version && now < previous.expiresAt - SKEW_MS)
      return { ...previous, refreshAt: Math.min(refreshAt, previous.expiresAt - SKEW_MS) }
    if (pinned?.version !== version)
      pinned = { version, key: new ServiceAccountKey(payload, tokenUri) }
    const { accessToken, expiresAt } = await exchange(pinned.key, tokenUri, now)
    return { accessToken, version, expiresAt, refreshAt: Math.min(refreshAt, expiresAt - SKEW_MS) }
  }
  return tokenCache(fetchGrant, clock)
}

const tokenReply = z.object({
  access_token: z.string().regex(ACCESS_TOKEN),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.int().positive().max(43_200),
})

/** RFC 7523 §2.1. https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
async function exchange(
  key: ServiceAccountKey,
  tokenUri: string,
  now: number,
): Promise<{ readonly accessToken: Redacted<string>; readonly expiresAt: number }> {
  const reply = await requestToken(new URL(tokenUri), {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: key.assertion(BIGQUERY_SCOPE, now),
    }).toString(),
  })
  const token = tokenReply.safeParse(reply)
  if (!token.success) throw new CredentialUnavailable('token-endpoint-unavailable')
  return {
    accessToken: new Redacted(token.data.access_token),
    // Counted from before the request: early rather than late.
    expiresAt: now + token.data.expires_in * 1000,
  }
}
