import type { Provider, ResourceServerInfo } from 'oidc-provider'

import { type Identity, personWith } from './identities.ts'

/** The grant type by which a script gets a person's token without a browser. No other issuer has it. */
export const DIRECT_GRANT = 'urn:sluice:local:direct'

/** Lets clients that may use it trade `username` and `password` for an access token for `resource`. */
export function registerDirectGrant(
  provider: Provider,
  resource: ResourceServerInfo,
  people: () => readonly Identity[],
): void {
  provider.registerGrantType(
    DIRECT_GRANT,
    async (ctx) => {
      const { username, password } = ctx.oidc.params
      const person = personWith(people(), username, password)
      if (person === undefined) {
        ctx.status = 400
        ctx.body = {
          error: 'invalid_grant',
          error_description: 'no such person, or another secret',
        }
        return
      }
      const { client } = ctx.oidc
      const grant = new provider.Grant({ clientId: client.clientId, accountId: person.id })
      grant.addResourceScope(resource.audience, resource.scope)
      const token = new provider.AccessToken({
        accountId: person.id,
        client,
        grantId: await grant.save(),
        gty: 'direct',
        scope: resource.scope,
      })
      token.resourceServer = new provider.ResourceServer(resource.audience, resource)
      ctx.body = {
        access_token: await token.save(),
        expires_in: token.expiration,
        token_type: token.tokenType,
      }
    },
    ['username', 'password'],
  )
}
