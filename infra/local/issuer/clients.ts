import { DIRECT_GRANT } from './direct-grant.ts'
import type { ProviderSettings } from './provider.ts'

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

/** The OAuth clients: every machine, the command line, and the gateway for people who sign in through it. */
export function clients(
  settings: Pick<ProviderSettings, 'identities' | 'signInRedirectUris' | 'signInSecret'>,
): readonly unknown[] {
  const machines = settings.identities().filter((identity) => identity.kind === 'machine')
  return [
    ...machines.map((machine) => ({
      client_id: machine.id,
      client_secret: machine.secret,
      // A program in which people sign in is a client of theirs, too.
      grant_types: ['client_credentials', DIRECT_GRANT],
      redirect_uris: [],
      response_types: [],
    })),
    {
      client_id: 'sluice-cli',
      client_name: 'Sluice command line',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE, DIRECT_GRANT],
      response_types: ['code'],
      // RFC 8252 §7.3: any port of the loopback address matches.
      redirect_uris: ['http://127.0.0.1/callback'],
    },
    {
      client_id: 'sluice-gateway',
      client_name: 'Sluice',
      client_secret: settings.signInSecret,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: settings.signInRedirectUris,
      require_auth_time: true,
    },
  ]
}
