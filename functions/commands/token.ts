import { join } from 'node:path'

import { Command, Option } from 'commander'

import { gatewayOption } from './gateway-option.ts'
import { secretOf } from './local-secret.ts'
import { type LocalToken, localIssuer, localToken } from './local-token.ts'

interface Options {
  readonly as: string
  readonly gateway: string
  readonly issuer?: string
  readonly secret?: string
  readonly identities: string
  readonly json?: true
  readonly googleExecutableJson?: true
}

/** `sluice token`: an access token of the local issuer, for scripts. Of no other issuer. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('print an access token of the local OIDC issuer (npm start), for scripts')
    .requiredOption('--as <name>', 'the person or machine, such as ana or mcp-agent')
    .addOption(gatewayOption())
    .option('--issuer <url>', 'the local issuer (default: the one that the gateway trusts)')
    .addOption(
      new Option('--secret <secret>', 'default: the one in the identities file').env(
        'SLUICE_SECRET',
      ),
    )
    .addOption(
      new Option('--identities <file>', 'the identities file of the local stack').default(
        join(import.meta.dirname, '..', '..', 'infra', 'local', 'identities.yaml'),
        'that of the repository',
      ),
    )
    .option('--json', 'print the reply of the token endpoint')
    .option(
      '--google-executable-json',
      "print it as Google's clients expect of a command (sluice adc)",
    )
    .action(async (options: Options) => {
      const issuer = options.issuer ?? (await localIssuer(options.gateway))
      const secret = options.secret ?? secretOf(options.as, options.identities)
      const token = await localToken(issuer, options.as, secret)
      process.stdout.write(`${printed(token, options)}\n`)
    })
}

function printed(token: LocalToken, options: Options): string {
  if (options.json) return JSON.stringify(token)
  if (options.googleExecutableJson)
    return JSON.stringify({
      version: 1,
      success: true,
      token_type: 'urn:ietf:params:oauth:token-type:jwt',
      id_token: token.access_token,
      expiration_time: Math.floor(Date.now() / 1000) + token.expires_in,
    })
  return token.access_token
}
