import { readFileSync } from 'node:fs'

import { Command, Option } from 'commander'

import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/parse-note.ts'
import { type CallerOptions, callerOptions, callerToken } from './caller-token.ts'
import { downloadExport } from './download-export.ts'
import { exportTarget } from './export-target.ts'
import { gatewayOption } from './gateway-option.ts'
import { instant } from './instant.ts'
import { progressLine } from './progress-line.ts'
import { type ScopeOptions, principalOf, scoped, usage } from './scope-options.ts'

interface Options extends CallerOptions, ScopeOptions {
  readonly from?: string
  readonly to?: string
  readonly all?: true
  readonly format: 'bundle' | 'ocsf'
  readonly private?: true
  readonly previous?: string
  readonly out?: string
}

/** `sluice export`: the record, or a part of it, with what it takes to verify it without us. */
export function exportCommand(): Command {
  const command = scoped(new Command('export'))
    .description('write the record, or a part of it, with all that it takes to verify it')
    .option('--from <time>', 'of what became durable from then on', instant)
    .option('--to <time>', 'and before then, such as 2026-11-21T09:00:00Z', instant)
    .option('--all', 'the whole record')
    .addOption(
      new Option('--format <format>', 'bundle: NDJSON for `sluice verify`; ocsf: events, unsigned')
        .choices(['bundle', 'ocsf'])
        .default('bundle'),
    )
    .option('--private', 'with SQL, parameters and kept results in clear; for private-readers')
    .option(
      '--previous <file>',
      'a checkpoint kept from before: prove that the log only grew since',
    )
    .option('--out <file>', 'where to; it appears when it is whole (default: standard output)')
    .addOption(gatewayOption())
  for (const option of callerOptions()) command.addOption(option)
  return command.action(async (options: Options) => {
    const query = queryOf(command, options)
    const { gateway, format, out } = options
    const token = await callerToken(command, options)
    const progress = progressLine(process.stderr)
    const done = await downloadExport(
      { url: `${gateway}/v1/export?${query.toString()}`, token, hasEnd: format === 'bundle' },
      () => exportTarget(out),
      (bytes) => progress.show(`${megabytes(bytes)} exported`),
    ).finally(() => progress.clear())
    if (out === undefined) return
    const verify = format === 'bundle' ? `; \`sluice verify ${out} --trust trust.json\`` : ''
    process.stdout.write(`${done.lines} lines, ${megabytes(done.bytes)}: ${out}${verify}\n`)
  })
}

function queryOf(command: Command, options: Options): URLSearchParams {
  const { session, from, to, all, format, previous } = options
  const named = principalOf(command, options)
  const principal = named && `${named.issuer} ${named.sub}`
  const part = { session, principal, from, to }
  const isPart = Object.values(part).some((each) => each !== undefined)
  if ((all === true) === isPart)
    usage(command, 'give --all, or one or more of --session, --principal, --from and --to')
  if (format === 'ocsf' && previous !== undefined)
    usage(command, 'events prove nothing: --previous')
  const given = {
    ...part,
    all: all && 'true',
    format,
    private: options.private && 'true',
    previous: previous === undefined ? undefined : String(sizeIn(previous)),
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value)
  return query
}

/** The size of the log at a checkpoint. */
function sizeIn(file: string): number {
  const note = parseNote(readFileSync(file))
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note
  if (!checkpoint.ok) throw new Error(`no checkpoint of a log: \`${file}\``)
  return checkpoint.value.size
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
