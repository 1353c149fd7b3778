import { Command, CommanderError } from 'commander'

import { adcCommand } from './commands/adc.ts'
import { approvalsCommand } from './commands/approvals.ts'
import { entriesCommand } from './commands/entries.ts'
import { ExitCode } from './commands/exit-code.ts'
import { explainCommand } from './commands/explain.ts'
import { exportCommand } from './commands/export.ts'
import { keysCommand } from './commands/keys.ts'
import { policyCommand } from './commands/policy.ts'
import { reconcileCommand } from './commands/reconcile.ts'
import { eraseCommand, holdsCommand } from './commands/records.ts'
import { searchCommand } from './commands/search.ts'
import { sessionsCommand } from './commands/sessions.ts'
import { resumeCommand, stopCommand, stopsCommand } from './commands/stop.ts'
import { tokenCommand } from './commands/token.ts'
import { VERIFY_USAGE, verifyCommand } from './commands/verify.ts'

/**
 * Runs `sluice` with these arguments and resolves with its exit code: 0 done, 1 failed, 2 wrong
 * usage, or what a command documents. Whatever fails is one line on standard error. Never rejects.
 */
export async function sluice(args: readonly string[]): Promise<number> {
  if (args.length === 0) return failed(new Error('no command; see `sluice --help`'), 2)
  try {
    await program().parseAsync([...args], { from: 'user' })
    return 0
  } catch (cause) {
    if (cause instanceof ExitCode) return cause.code
    if (!(cause instanceof CommanderError)) return failed(cause, 1)
    // Commander has said it. Its own errors are about usage; ours come with a code of their own.
    if (cause.exitCode !== 1 || cause.code === 'commander.error') return cause.exitCode
    return args[0] === 'verify' ? VERIFY_USAGE : 2
  }
}

/** `sluice` with all its commands, under one convention; see its help text. */
function program(): Command {
  const root = new Command('sluice')
    .description('The governed way into BigQuery for AI agents.')
    .addCommand(tokenCommand())
    .addCommand(adcCommand())
    .addCommand(approvalsCommand())
    .addCommand(searchCommand())
    .addCommand(sessionsCommand())
    .addCommand(entriesCommand())
    .addCommand(exportCommand())
    .addCommand(verifyCommand())
    .addCommand(reconcileCommand())
    .addCommand(holdsCommand())
    .addCommand(eraseCommand())
    .addCommand(policyCommand())
    .addCommand(explainCommand())
    .addCommand(keysCommand())
    .addCommand(stopCommand())
    .addCommand(resumeCommand())
    .addCommand(stopsCommand())
    .addHelpText(
      'after',
      `
Conventions:
  --gateway URL, or SLUICE_GATEWAY   the gateway (default: the local stack)
  --json                             one JSON document on standard output
  Errors are one line on standard error.`,
    )
    .addHelpText('afterAll', ({ command }) =>
      // It has verdicts of its own.
      command.name() === 'verify' ? '' : '\nExit codes: 0 done, 1 failed, 2 wrong usage.',
    )
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) })
    .exitOverride()
  inherit(root)
  return root
}

function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent)
    inherit(command)
  }
}

function failed(cause: unknown, code: number): number {
  const message = cause instanceof Error ? cause.message : String(cause)
  // What follows the first line may quote the file that is broken.
  process.stderr.write(`error: ${message.split('\n', 1)[0]}\n`)
  return code
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ')
