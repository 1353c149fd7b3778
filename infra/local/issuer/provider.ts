import { type Context, Provider, type ResourceServerInfo, type Token } from 'oidc-provider'

import { clients } from './clients.ts'
import { devicePages } from './device-pages.ts'
import { registerDirectGrant } from './direct-grant.ts'
import type { Identity } from './identities.ts'
import type { IssuerKeys } from './keys.ts'
import { escapeHtml, page } from './pages.ts'

const HOUR = 3600
const SCOPES = 'openid email groups offline_access'

/** What the provider is made of; `store` survives a rotation of the keys. */
export interface ProviderSettings {
  readonly url: string
  readonly audience: string
  readonly keys: IssuerKeys
  readonly store: (model: string) => unknown
  readonly cookieKey: string
  readonly identities: () => readonly Identity[]
  readonly signInRedirectUris: readonly string[]
  readonly signInSecret: string
}

/** `oidc-provider` with the identities as accounts and clients, and everything it would warn about set. */
export function localProvider(settings: ProviderSettings): Provider {
  const { audience, identities } = settings
  const named = (id: string | undefined): Identity | undefined =>
    identities().find((identity) => identity.id === id)
  const resource: ResourceServerInfo = {
    scope: 'bigquery',
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: HOUR,
    jwt: { sign: { alg: 'RS256' } },
  }
  const provider: Provider = new Provider(settings.url, {
    adapter: settings.store,
    jwks: { keys: settings.keys },
    cookies: { keys: [settings.cookieKey] },
    clients: clients(settings),
    clientDefaults: { id_token_signed_response_alg: 'RS256' },
    scopes: SCOPES.split(' '),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
    // Companies' issuers put groups into the ID token; OIDC alone would leave them to userinfo.
    conformIdTokenClaims: false,
    extraTokenClaims: (ctx: Context, token: Token) => {
      const identity = named(token.accountId ?? token.clientId)
      return { ...vouched(identity), ...claimsOf(identity, ctx.oidc.body) }
    },
    findAccount: (_ctx: unknown, id: string) => {
      const person = named(id)
      if (person?.kind !== 'person') return undefined
      return { accountId: id, claims: () => ({ sub: id, ...vouched(person) }) }
    },
    loadExistingGrant: async (ctx: Context) => {
      const { client, session } = ctx.oidc
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope(SCOPES)
      grant.addResourceScope(audience, resource.scope)
      await grant.save()
      return grant
    },
    issueRefreshToken: (_ctx: unknown, client: Context['oidc']['client']) =>
      client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    rotateRefreshToken: false,
    pkce: { required: () => true },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      deviceFlow: { enabled: true, ...devicePages },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        // As a company's issuer would: whoever asks for another audience gets a token for it.
        getResourceServerInfo: (_ctx: unknown, indicator: string) => ({
          ...resource,
          audience: indicator,
        }),
      },
    },
    // A session of a minute: one may sign in as somebody else soon after.
    ttl: {
      AccessToken: HOUR,
      ClientCredentials: HOUR,
      DeviceCode: 600,
      Grant: 14 * 24 * HOUR,
      IdToken: HOUR,
      Interaction: 600,
      RefreshToken: 14 * 24 * HOUR,
      Session: 60,
    },
    renderError: (ctx: Context, out: Readonly<Record<string, string>>) => {
      ctx.type = 'html'
      ctx.body = page('Sign-in failed', `<p>${escapeHtml(Object.values(out).join(': '))}</p>`)
    },
  })
  registerDirectGrant(provider, resource, identities)
  return provider
}

/** A CI knows which run it gives a token to; here the run says so itself. */
function claimsOf(
  identity: Identity | undefined,
  asked: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const claims = Object.entries(identity?.claims ?? {})
  return Object.fromEntries(claims.map(([name, value]) => [name, asked?.[name] ?? value]))
}

function vouched(identity: Identity | undefined): Readonly<Record<string, unknown>> {
  if (identity === undefined) return {}
  const { groups, email } = identity
  return email === undefined ? { groups } : { groups, email, email_verified: true }
}
