import { createRemoteJWKSet, customFetch, errors } from 'jose'

import { IssuerUnreachable, type KeySets } from '../../identity/key-sets.ts'
import type { IssuerClient } from '../../identity/sign-in/issuer-client.ts'
import { discovery } from './discovery.ts'
import { type Fetch, issuerFetch } from './issuer-fetch.ts'
import { redeemGrant } from './redeem-grant.ts'

export interface DiscoveredIssuersOptions {
  readonly fetch?: Fetch
  /** Longest wait for an answer of an issuer. */
  readonly timeoutMs: number
  /** Epoch milliseconds. */
  readonly now: () => number
  /** How long an issuer's keys hold before an unknown `kid` may cause a request. Default 30 s. */
  readonly cooldownMs?: number
  /** Told why an issuer counts as unreachable; the caller learns only that it is. */
  readonly onUnreachable?: (issuer: string, cause: unknown) => void
}

/**
 * The issuers of the policy, found through OIDC discovery. Keys are fetched once for all who wait,
 * kept for ten minutes, and asked for again on an unknown `kid` at most every 30 seconds: a new key
 * holds after that time, a withdrawn one until the ten minutes are over.
 */
export function discoveredIssuers(options: DiscoveredIssuersOptions): {
  readonly keySets: KeySets
  readonly issuerClient: IssuerClient
  /** Fetches the keys of an issuer before anybody needs them. Never rejects: whoever needs them asks again. */
  readonly prefetch: (issuer: string) => Promise<void>
} {
  const fetchFrom = issuerFetch({ ...options, fetch: options.fetch ?? fetch })
  const discover = discovery(fetchFrom, options.now)
  const remote = new Map<string, ReturnType<typeof createRemoteJWKSet>>()

  const reach = async <T>(issuer: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      if (isAboutTheToken(cause)) throw cause
      options.onUnreachable?.(issuer, cause)
      throw new IssuerUnreachable(issuer, cause)
    }
  }

  const keysAt = (url: string): ReturnType<typeof createRemoteJWKSet> => {
    const keys =
      remote.get(url) ??
      createRemoteJWKSet(new URL(url), {
        [customFetch]: (to, init) => fetchFrom(to, init),
        cooldownDuration: options.cooldownMs ?? 30_000,
        timeoutDuration: options.timeoutMs,
      })
    remote.set(url, keys)
    return keys
  }

  return {
    keySets: async (issuer) => {
      const metadata = await reach(issuer, () => discover(issuer))
      const keys = keysAt(metadata.jwks_uri)
      return (header, token) => reach(issuer, () => keys(header, token))
    },
    prefetch: async (issuer) => {
      try {
        await reach(issuer, async () => keysAt((await discover(issuer)).jwks_uri).reload())
      } catch {
        // `onUnreachable` was told.
      }
    },
    issuerClient: {
      endpoints: (issuer) =>
        reach(issuer, async () => {
          const metadata = await discover(issuer)
          if (metadata.authorization_endpoint === undefined)
            throw new Error('the discovery document names no authorization_endpoint')
          return {
            authorizationEndpoint: metadata.authorization_endpoint,
            namesItself: metadata.authorization_response_iss_parameter_supported === true,
            scopes: metadata.scopes_supported,
          }
        }),
      redeem: (issuer, client, grant) =>
        reach(issuer, async () => redeemGrant(fetchFrom, await discover(issuer), client, grant)),
    },
  }
}

/** Whether a key was looked for and the token names none: not the issuer's fault. */
function isAboutTheToken(cause: unknown): boolean {
  return (
    cause instanceof errors.JWKSNoMatchingKey ||
    cause instanceof errors.JWKSMultipleMatchingKeys ||
    cause instanceof errors.JOSENotSupported
  )
}
