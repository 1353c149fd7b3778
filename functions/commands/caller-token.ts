import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Command, Option } from 'commander'

import { secretOf } from './local-secret.ts'
import { localIssuer, localToken } from './local-token.ts'

/** Who calls a gateway, as options of a command. */
export interface CallerOptions {
  readonly gateway: string
  readonly as?: string
  readonly secret?: string
  readonly identities: string
  readonly tokenFile?: string
}

/** The options that `callerToken` reads. */
export function callerOptions(): readonly Option[] {
  return [
    new Option('--as <name>', 'somebody of the local stack (npm start), such as petra'),
    new Option('--secret <secret>', 'theirs (default: the one in the identities file)').env(
      'SLUICE_SECRET',
    ),
    new Option('--identities <file>', 'the identities file of the local stack').default(
      join(import.meta.dirname, '..', '..', 'infra', 'local', 'identities.yaml'),
      'that of the repository',
    ),
    // Not the token itself: everybody on a machine can read the arguments of a process.
    new Option('--token-file <file>', 'your token, anywhere else; or put it into SLUICE_TOKEN'),
  ]
}

/** The caller's own token. Ends as wrong usage when nothing says whose. */
export async function callerToken(command: Command, options: CallerOptions): Promise<string> {
  const { as, secret, identities, tokenFile, gateway } = options
  if (as !== undefined && tokenFile !== undefined)
    return command.error('error: give --as or --token-file, not both', { exitCode: 2 })
  if (as !== undefined) {
    const issuer = await localIssuer(gateway)
    const token = await localToken(issuer, as, secret ?? secretOf(as, identities))
    return token.access_token
  }
  if (tokenFile !== undefined) return readFileSync(tokenFile, 'utf8').trim()
  const token = process.env['SLUICE_TOKEN'] ?? ''
  return token === ''
    ? command.error('error: say who you are, with --as, --token-file or SLUICE_TOKEN', {
        exitCode: 2,
      })
    : token
}
