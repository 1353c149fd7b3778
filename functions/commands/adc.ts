import { writeFileSync } from 'node:fs'

import { Command, Option } from 'commander'

import { adcFile, loginConfig } from '../../shared/identity/adc.ts'
import { gatewayOption } from './gateway-option.ts'

interface Options {
  readonly gateway: string
  readonly tokenFile?: string
  readonly tokenCommand?: string
  readonly loginConfig?: true
  readonly out?: string
}

/** `sluice adc`: credential files with which Google's clients get their tokens from the gateway. */
export function adcCommand(): Command {
  return new Command('adc')
    .description("write a credential file for Google's clients (GOOGLE_APPLICATION_CREDENTIALS)")
    .addOption(gatewayOption())
    .addOption(
      new Option(
        '--token-file <file>',
        'a file with an OIDC token that somebody keeps fresh',
      ).conflicts(['tokenCommand', 'loginConfig']),
    )
    .addOption(
      new Option(
        '--token-command <command>',
        'a command that prints a token as Google wants it, such as `sluice token --as NAME --google-executable-json`; clients run it only with GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1',
      ).conflicts(['tokenFile', 'loginConfig']),
    )
    .option(
      '--login-config',
      'the file for `gcloud auth login --login-config` instead: people sign in with a browser',
    )
    .option('--out <file>', 'write to this file, not to standard output')
    .option('--json', 'as always: the output is one JSON document')
    .action((options: Options, command: Command) => {
      const text = `${JSON.stringify(document(options, command), undefined, 2)}\n`
      if (options.out === undefined) process.stdout.write(text)
      else writeFileSync(options.out, text)
    })
}

function document(options: Options, command: Command): object {
  const { gateway, tokenFile, tokenCommand } = options
  if (options.loginConfig) return loginConfig(gateway)
  if (tokenFile !== undefined) return adcFile(gateway, { kind: 'file', path: tokenFile })
  if (tokenCommand !== undefined)
    return adcFile(gateway, { kind: 'command', command: tokenCommand })
  return command.error(
    'error: one of --token-file, --token-command and --login-config is required',
    {
      exitCode: 2,
    },
  )
}
