import type { GoogleAuth } from 'google-auth-library'

import { CredentialUnavailable } from '../secret-manager/credential-unavailable.ts'
import { Redacted } from '../secret-manager/redacted.ts'
import { withTimeout } from '../secret-manager/with-timeout.ts'
import type { OwnIdentity } from './impersonated-credential.ts'

/**
 * The identity Sluice runs as, by application default credentials: on Google Cloud the function's
 * service account. Loaded on first use; google-auth-library caches and renews the token.
 */
export function googleOwnIdentity(options: { readonly timeoutMs?: number } = {}): OwnIdentity {
  const { timeoutMs = 4000 } = options
  let auth: GoogleAuth | undefined
  return async () => {
    // A CommonJS module: the bundler and Node agree on its `default` only.
    const { GoogleAuth: Auth } = (await import('google-auth-library')).default
    auth ??= new Auth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] })
    const token = await withTimeout(auth.getAccessToken(), timeoutMs).catch(() => undefined)
    // Their errors hold requests and replies, credentials included.
    if (typeof token !== 'string') throw new CredentialUnavailable('own-identity-unavailable')
    return new Redacted(token)
  }
}
