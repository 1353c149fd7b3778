#!/usr/bin/env node
/** `sluice`: the command line. One convention for every command; see the help text below. */
import { Command } from 'commander'

import { adcCommand } from './commands/adc.ts'
import { entriesCommand } from './commands/entries.ts'
import { tokenCommand } from './commands/token.ts'

const program = new Command('sluice')
  .description('The governed way into BigQuery for AI agents.')
  .addCommand(tokenCommand())
  .addCommand(adcCommand())
  .addCommand(entriesCommand())
  .addHelpText(
    'after',
    `
Conventions:
  --gateway URL, or SLUICE_GATEWAY   the gateway (default: the local stack)
  SLUICE_TOKEN, or --token-file      the caller's OIDC token, where a command needs one
  --json                             one JSON document on standard output
  Errors are one line on standard error.

Exit codes: 0 done, 1 failed, 2 wrong usage.`,
  )

/** Usage errors of commander are 1; here that means that something failed. */
function withConvention(command: Command): void {
  command.exitOverride((problem) => {
    const usage = problem.exitCode === 1 && problem.code.startsWith('commander.')
    process.exit(usage && problem.code !== 'commander.error' ? 2 : problem.exitCode)
  })
  for (const child of command.commands) withConvention(child)
}

withConvention(program)
await program.parseAsync()
