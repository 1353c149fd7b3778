import { z } from 'zod'

import type { Clock } from '../../kernel/clock.ts'
import { CredentialUnavailable } from '../secret-manager/credential-unavailable.ts'
import { Redacted } from '../secret-manager/redacted.ts'
import { BIGQUERY_SCOPE, type CredentialProvider } from './credential.ts'
import { type FetchGrant, SKEW_MS, tokenCache } from './token-cache.ts'
import { ACCESS_TOKEN, requestToken } from './token-endpoint.ts'

/** Port. Sluice's own access token (scope `cloud-platform`). Rejects with `CredentialUnavailable`. */
export type OwnIdentity = () => Promise<Redacted<string>>

export interface ImpersonatedCredentialOptions {
  readonly serviceAccount: string
  readonly ownIdentity: OwnIdentity
  readonly clock: Clock
  /** Default Google's; another one is for tests. */
  readonly iamCredentials?: URL
}

/**
 * Keyless: Sluice's own identity gets one-hour tokens of another service account, for BigQuery only.
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
export function impersonatedCredential(options: ImpersonatedCredentialOptions): CredentialProvider {
  const { serviceAccount, ownIdentity, clock } = options
  const base = options.iamCredentials ?? new URL('https://iamcredentials.googleapis.com')
  const account = encodeURIComponent(serviceAccount)
  const endpoint = new URL(`v1/projects/-/serviceAccounts/${account}:generateAccessToken`, base)

  const fetchGrant: FetchGrant = async () => {
    const own = await ownIdentity()
    const now = clock()
    const reply = await requestToken(endpoint, {
      headers: {
        authorization: `Bearer ${own.reveal()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ scope: [BIGQUERY_SCOPE], lifetime: '3600s' }),
    })
    const token = tokenReply.safeParse(reply)
    if (!token.success) throw new CredentialUnavailable('token-endpoint-unavailable')
    // Never longer than asked for, whatever their clock says.
    const expiresAt = Math.min(Date.parse(token.data.expireTime), now + 3_600_000)
    return {
      accessToken: new Redacted(token.data.accessToken),
      version: `impersonated:${serviceAccount}`,
      expiresAt,
      refreshAt: expiresAt - SKEW_MS,
    }
  }
  return tokenCache(fetchGrant, clock)
}

const tokenReply = z.object({
  accessToken: z.string().regex(ACCESS_TOKEN),
  expireTime: z.iso.datetime({ offset: true }),
})
