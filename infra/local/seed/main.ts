/** `npm run seed`: a day of traffic through the gateway of the local stack, on its record. Never part of what is deployed. */
import { join, resolve } from 'node:path'

import { Command, InvalidArgumentError, Option } from 'commander'

import { progress } from './progress.ts'
import { seedDay } from './seed-day.ts'
import { whyNot } from './why-not.ts'

interface Options {
  readonly state: string
  readonly day: string
  readonly policy: string
  readonly port: number
  readonly issuerPort: number
  readonly bigqueryPort: number
}

const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)

const day = (text: string): string => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  // 2026-02-30 would be a day in March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('a day is written as 2026-11-20')
  return text
}

const port = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('a port is a number up to 65535')
  return Number(text)
}

const portOption = (name: string, usual: number): Option =>
  new Option(`--${name} <port>`, 'as for `npm start`').argParser(port).default(usual)

const command = new Command('npm run seed --')
  .description(
    'Plays a day of traffic (people, agents, CI) through the gateway, so that there is something to look at after `npm start`.',
  )
  .option('--state <dir>', 'the state folder of the local stack', '.sluice')
  .addOption(
    new Option('--day <YYYY-MM-DD>', 'the day, UTC').argParser(day).default(YESTERDAY, 'yesterday'),
  )
  .option(
    '--policy <file>',
    'policy that the ones of the day are made of',
    join(import.meta.dirname, '../../policy/example.yaml'),
  )
  .addOption(portOption('port', 8080))
  .addOption(portOption('issuer-port', 8081))
  .addOption(portOption('bigquery-port', 8082))
  .addHelpText(
    'after',
    `
The same day gives the same story: who asks what at which second, what is decided, which session it is.
The local stack must not run meanwhile. A record is never written backwards: the day must be later than
all that is on it, so several days are seeded oldest first.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the record has that day, or a later one, already.`,
  )
  .exitOverride((problem) => process.exit(problem.exitCode === 0 ? 0 : 2))
  .parse()

const options = command.opts<Options>()
const state = resolve(options.state)

try {
  const reason = await whyNot(state, options)
  if (reason !== undefined) end(reason.code, reason.text)
  const shown = progress(process.stdout)
  const { calls, sessions, entries } = await seedDay({
    ...options,
    state,
    onStep: (...step) => shown.step(...step),
  })
  shown.done()
  process.stdout.write(
    `seeded ${options.day}: ${calls} calls in ${sessions} sessions, ${entries} entries; now \`npm start\`\n`,
  )
} catch (cause) {
  end(1, cause instanceof Error ? cause.message : String(cause))
}

function end(code: number, text: string): never {
  process.stderr.write(`error: ${text}\n`)
  process.exit(code)
}
