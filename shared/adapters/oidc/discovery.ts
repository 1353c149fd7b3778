import { z } from 'zod'

import { type Fetch, isSecure } from './issuer-fetch.ts'

const Endpoint = z.string().refine(isSecure, 'neither https nor loopback')

/** The part of a discovery document (OIDC Discovery §3) that Sluice uses. */
const Metadata = z.object({
  issuer: z.string(),
  jwks_uri: Endpoint,
  authorization_endpoint: Endpoint.optional(),
  token_endpoint: Endpoint.optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  scopes_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
})

export type IssuerMetadata = Readonly<z.output<typeof Metadata>>

const CACHE_MS = 10 * 60_000

/**
 * Fetches discovery documents: at most one request per issuer at a time, remembered for ten
 * minutes. Rejects when there is none, or it names another issuer.
 */
export function discovery(
  fetch: Fetch,
  now: () => number,
): (issuer: string) => Promise<IssuerMetadata> {
  const known = new Map<string, { readonly until: number; readonly metadata: IssuerMetadata }>()
  const underWay = new Map<string, Promise<IssuerMetadata>>()

  return (issuer) => {
    const entry = known.get(issuer)
    if (entry !== undefined && now() < entry.until) return Promise.resolve(entry.metadata)
    const started =
      underWay.get(issuer) ??
      discover(fetch, issuer)
        .then((metadata) => {
          known.set(issuer, { until: now() + CACHE_MS, metadata })
          return metadata
        })
        .finally(() => underWay.delete(issuer))
    underWay.set(issuer, started)
    return started
  }
}

async function discover(fetch: Fetch, issuer: string): Promise<IssuerMetadata> {
  // OIDC Discovery §4.1: a slash at the end of the issuer is not doubled.
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url, { headers: { accept: 'application/json' } })
  const metadata = Metadata.parse(await response.json())
  // OIDC Discovery §4.3: else one issuer could speak for another.
  if (metadata.issuer !== issuer)
    throw new Error(`\`${url}\` is of another issuer: \`${metadata.issuer}\``)
  return metadata
}
