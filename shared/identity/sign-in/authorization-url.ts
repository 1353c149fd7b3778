import type { TrustedIssuer } from '../trusted-issuer.ts'
import { redirect } from './browser-reply.ts'
import type { SignInClient, SignInEndpoints } from './issuer-client.ts'
import { s256 } from './s256.ts'

const SCOPES = ['openid', 'email', 'groups', 'offline_access']

/** A trusted issuer at which people can sign in. */
export type SignInIssuer = TrustedIssuer & { readonly signIn: SignInClient }

/** What makes one sign-in different from every other. */
export interface SignInUnderWay {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

/** Where the browser goes to sign in at `issuer`: OIDC's code flow (OIDC Core §3.1.2.1) with PKCE (RFC 7636 §4.3). */
export function authorizationUrl(
  { signIn }: SignInIssuer,
  endpoints: SignInEndpoints,
  { redirectUri, state, nonce, codeVerifier }: SignInUnderWay,
): string {
  const scopes = SCOPES.filter((scope) => endpoints.scopes?.includes(scope) ?? scope !== 'groups')
  return redirect(endpoints.authorizationEndpoint, {
    response_type: 'code',
    client_id: signIn.clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    nonce,
    code_challenge: s256(codeVerifier),
    code_challenge_method: 'S256',
    // Google has no offline_access; it gives a refresh token for these.
    ...(scopes.includes('offline_access') ? {} : { access_type: 'offline', prompt: 'consent' }),
  }).location
}
