import { type Command, Option } from 'commander'

import { pastTime } from './past-time.ts'

/** What calls are searched by, as options of a command. */
export type FilterOptions = Readonly<Record<string, string | readonly string[] | true | undefined>>

/** Of each that may be given more than once, all have to hold. */
const SEVERAL = [
  ['principal', 'name', 'who: sub, e-mail address, or issuer and sub'],
  ['group', 'name', 'a group they are in'],
  ['client', 'name', 'OAuth client, MCP server or tool, or agent'],
  ['claim', 'name=value', 'a recorded claim, such as run_id=42'],
  ['table', 'name', 'read or written: hospital.patients'],
  ['column', 'name', 'read, in whatever way: patients.ssn'],
  ['masked-column', 'name', 'read under a mask'],
  ['filter-column', 'name', 'filtered, joined or grouped by'],
  ['tag', 'name', 'of a column that is read'],
  ['rule', 'id', 'that matched'],
  ['approver', 'name', 'who said yes'],
  ['flag', 'rule', 'first-read, off-hours, mass-read, repeated-denials or split-query'],
] as const

const ONE = [
  ['session', 'id', 'in this session'],
  ['statement-type', 'type', 'SELECT, INSERT, …'],
  ['decision', 'decision', 'permit, require-approval, deny or refused'],
  ['problem', 'tag', 'why it was refused'],
  ['outcome', 'outcome', 'released, failed, not-run, …'],
  ['approval', 'state', 'active, denied, expired, …'],
  ['job', 'id', "BigQuery's job"],
  ['fingerprint', 'hex', 'queries that differ in literals alone have the same'],
  ['replay-of', 'call', 'calls that ran this one again'],
  ['min-bytes', 'bytes', 'that BigQuery processed at least'],
  ['max-bytes', 'bytes', 'and at most'],
  ['text', 'words', 'words of the SQL without its literals'],
] as const

/** A command with an option for everything that calls are searched by. */
export function filtered(command: Command): Command {
  for (const [name, what, description] of SEVERAL)
    command.option<readonly string[] | undefined>(`--${name} <${what}>`, description, andAlso)
  for (const [name, what, description] of ONE) command.option(`--${name} <${what}>`, description)
  return command
    .addOption(
      new Option('--since <time>', 'from then on: 90d, 12h, a day or a time in UTC')
        .argParser(pastTime)
        .conflicts('from'),
    )
    .option('--from <time>', 'likewise', pastTime)
    .option('--to <time>', 'and before then', pastTime)
}

function andAlso(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

/** The query of a URL that options mean. */
export function filterQuery(options: FilterOptions): URLSearchParams {
  const query = new URLSearchParams()
  const put = (name: string, value: FilterOptions[string]): void => {
    if (value === undefined || value === true) return
    for (const one of typeof value === 'string' ? [value] : value) query.append(name, one)
  }
  for (const [name] of [...SEVERAL, ...ONE]) put(camel(name), options[camel(name)])
  put('from', options['since'] ?? options['from'])
  put('to', options['to'])
  return query
}

function camel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
