import type { Command } from 'commander'

/** Which part of the record is meant, as options of a command. */
export interface ScopeOptions {
  readonly session?: string
  /** Issuer, then sub. */
  readonly principal?: readonly string[]
}

/** A command with the options that `ScopeOptions` are. */
export function scoped(command: Command): Command {
  return command
    .option('--session <id>', 'of this session')
    .option(
      '--principal <issuer-and-sub...>',
      'of all sessions of this principal: issuer, then sub',
    )
}

/** The principal that options name. Ends as wrong usage for what is none. */
export function principalOf(
  command: Command,
  { principal }: ScopeOptions,
): { readonly issuer: string; readonly sub: string } | undefined {
  if (principal === undefined) return undefined
  const [issuer = '', sub = '', ...more] = principal
  if (issuer === '' || sub === '' || more.length > 0)
    usage(command, 'a principal is two words: its issuer and its sub')
  return { issuer, sub }
}

/** Ends a command as used in a wrong way. */
export function usage(command: Command, what: string): never {
  return command.error(`error: ${what}`, { exitCode: 2 })
}
