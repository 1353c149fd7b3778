import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

import { Command } from 'commander'

import { newGatewayKeys } from '../../shared/adapters/key-file/new-gateway-keys.ts'
import { rotatedGatewayKeys } from '../../shared/adapters/key-file/rotated-gateway-keys.ts'

interface Options {
  readonly before?: string
  readonly out?: string
}

/** `sluice keys new`: a key that signs Sluice's own tokens, for the secret that SLUICE_SIGNING_KEY names. */
export function keysNewCommand(): Command {
  return new Command('new')
    .description('print a new key as a JWK set, to be piped into a secret')
    .option(
      '--before <file>',
      'the set that is in use, or - for standard input: the new key signs, tokens of the others hold until they expire',
    )
    .option('--out <file>', 'write to this new file, which nobody else may read')
    .action(async ({ before, out }: Options, command: Command) => {
      if (out === undefined && process.stdout.isTTY)
        command.error(
          'error: who sees this key can be anybody: pipe it into a secret, or name a file with --out',
          { exitCode: 2 },
        )
      const keys =
        before === undefined ? newGatewayKeys() : await rotatedGatewayKeys(await textOf(before))
      if (out === undefined) process.stdout.write(`${keys}\n`)
      else writeFileSync(out, `${keys}\n`, { mode: 0o600, flag: 'wx' })
    })
}

function textOf(file: string): string | Promise<string> {
  return file === '-' ? text(process.stdin) : readFileSync(file, 'utf8')
}
