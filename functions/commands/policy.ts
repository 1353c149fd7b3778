import { Command } from 'commander'

import { policyCheckCommand } from './policy-check.ts'
import { policyTestCommand } from './policy-test.ts'
import { policyWhatIfCommand } from './policy-what-if.ts'

/** `sluice policy`: what can be asked of a policy file before a gateway reads it. */
export function policyCommand(): Command {
  return new Command('policy')
    .description('check a policy file, test what it decides, and try it on recorded calls')
    .addCommand(policyCheckCommand())
    .addCommand(policyTestCommand())
    .addCommand(policyWhatIfCommand())
    .allowExcessArguments()
    .action((_options: object, command: Command) => {
      const [unknown] = command.args
      const what = unknown === undefined ? 'no command' : `unknown command \`${unknown}\``
      command.error(`error: ${what}; see \`sluice policy --help\``, { exitCode: 2 })
    })
}
