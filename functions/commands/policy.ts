import { Command } from 'commander'

import { policyCheckCommand } from './policy-check.ts'
import { policyTestCommand } from './policy-test.ts'

/** `sluice policy`: what can be asked of a policy file before a gateway reads it. */
export function policyCommand(): Command {
  return new Command('policy')
    .description('check a policy file, and test what it decides')
    .addCommand(policyCheckCommand())
    .addCommand(policyTestCommand())
    .action((_options: object, command: Command) =>
      command.error('error: no command; see `sluice policy --help`', { exitCode: 2 }),
    )
}
