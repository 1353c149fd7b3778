import type { SignInPorts } from '../../identity/sign-in/sign-in.ts'
import { TOKEN_EXCHANGE } from '../../identity/token-exchange.ts'

/** Where a gateway's own documents are. */
export function wellKnown(gateway: string): {
  readonly jwks: string
  readonly protectedResource: string
} {
  return {
    jwks: `${gateway}/.well-known/jwks.json`,
    protectedResource: `${gateway}/.well-known/oauth-protected-resource`,
  }
}

/** Protected resource metadata (RFC 9728 §2): who may vouch for callers of this gateway. */
export function protectedResourceMetadata({ gateway, issuers }: SignInPorts): object {
  return {
    resource: gateway,
    resource_name: 'Sluice',
    authorization_servers: issuers.map(({ issuer }) => issuer),
    bearer_methods_supported: ['header'],
    jwks_uri: wellKnown(gateway).jwks,
  }
}

/** Authorization server metadata (RFC 8414 §2) of the token exchange and of people's sign-in. */
export function authorizationServerMetadata({ gateway, issuers }: SignInPorts): object {
  const signIn = issuers.some((issuer) => issuer.signIn !== undefined)
  return {
    issuer: gateway,
    token_endpoint: `${gateway}/v1/token`,
    introspection_endpoint: `${gateway}/v1/introspect`,
    jwks_uri: wellKnown(gateway).jwks,
    token_endpoint_auth_methods_supported: ['none'],
    introspection_endpoint_auth_methods_supported: ['none'],
    ...(signIn
      ? {
          authorization_endpoint: `${gateway}/v1/authorize`,
          response_types_supported: ['code'],
          grant_types_supported: [TOKEN_EXCHANGE, 'authorization_code', 'refresh_token'],
          code_challenge_methods_supported: ['S256'],
          authorization_response_iss_parameter_supported: true,
        }
      : { response_types_supported: [], grant_types_supported: [TOKEN_EXCHANGE] }),
  }
}
