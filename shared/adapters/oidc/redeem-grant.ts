import { z } from 'zod'

import type {
  IssuerClient,
  SignInClient,
  SignInGrant,
} from '../../identity/sign-in/issuer-client.ts'
import { err, ok } from '../../kernel/result.ts'
import type { IssuerMetadata } from './discovery.ts'
import type { Fetch } from './issuer-fetch.ts'

const Tokens = z.object({
  id_token: z.string().optional(),
  refresh_token: z.string().optional(),
})

const Refusal = z.object({ error: z.string() })

/**
 * Redeems a code or a refresh token at the issuer's token endpoint. `refused` when the issuer says
 * that the grant is not good; rejects for everything else, as then nothing is known of the person.
 */
export async function redeemGrant(
  fetch: Fetch,
  metadata: IssuerMetadata,
  client: SignInClient,
  grant: SignInGrant,
): ReturnType<IssuerClient['redeem']> {
  if (metadata.token_endpoint === undefined)
    throw new Error('the discovery document names no token_endpoint')
  const form = new URLSearchParams(
    grant.kind === 'code'
      ? {
          grant_type: 'authorization_code',
          code: grant.code,
          redirect_uri: grant.redirectUri,
          code_verifier: grant.codeVerifier,
        }
      : { grant_type: 'refresh_token', refresh_token: grant.refreshToken },
  )
  const headers = new Headers({ accept: 'application/json' })
  // RFC 8414 §2: client_secret_basic when the document does not say.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  if (client.clientSecret !== undefined && methods.includes('client_secret_basic')) {
    headers.set('authorization', basic(client.clientId, client.clientSecret))
  } else {
    form.set('client_id', client.clientId)
    if (client.clientSecret !== undefined) form.set('client_secret', client.clientSecret)
  }

  const response = await fetch(metadata.token_endpoint, { method: 'POST', headers, body: form })
  const body: unknown = await response.json()
  if (response.status === 200) {
    const { id_token: idToken, refresh_token: refreshToken } = Tokens.parse(body)
    return ok({ idToken, refreshToken })
  }
  const refusal = Refusal.safeParse(body)
  if (refusal.success && refusal.data.error === 'invalid_grant') return err('refused')
  const what = refusal.success ? refusal.data.error : 'no OAuth error'
  throw new Error(`the token endpoint answered ${response.status}: \`${what}\``)
}

/** RFC 6749 §2.3.1: both parts are form-encoded first. */
function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`
}

function encode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}
