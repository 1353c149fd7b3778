/** `npm start`: Sluice with everything around it on this machine. Never part of what is deployed. */
import { Command, InvalidArgumentError, Option } from 'commander'

import { describeEntry } from '../../shared/recording/describe-entry.ts'
import { type LocalStackOptions, startLocalStack } from './local-stack.ts'
import { welcome } from './welcome.ts'

interface Options {
  readonly port: number
  readonly issuerPort: number
  readonly bigqueryPort: number
  readonly data?: string
  readonly policy?: string
  readonly state: string
  readonly pubsubProject?: string
  readonly quiet?: true
}

const port = (text: string): number => {
  const value = Number(text)
  if (!/^\d{1,5}$/.test(text) || value > 65_535)
    throw new InvalidArgumentError('a port is a number up to 65535 (0: any free one)')
  return value
}

const portOption = (name: string, what: string, usual: number) =>
  new Option(`--${name} <port>`, what).argParser(port).default(usual)

const command = new Command('npm start --')
  .description(
    'Runs Sluice with a BigQuery, an OIDC issuer and a store on this machine. Loopback only.',
  )
  .addOption(portOption('port', 'port of the gateway', 8080))
  .addOption(portOption('issuer-port', 'port of the OIDC issuer', 8081))
  .addOption(portOption('bigquery-port', 'port of the local BigQuery', 8082))
  .option('--data <dir>', 'data folder: DIR/<project>/<dataset>/<table>.schema.json, .ndjson, …')
  .option('--policy <file>', 'policy file (default: infra/policy/example.yaml)')
  .option('--state <dir>', 'where record and keys are kept', '.sluice')
  .addOption(
    new Option(
      '--pubsub-project <id>',
      'carry approvals over Pub/Sub, on the emulator where PUBSUB_EMULATOR_HOST is set',
    ).env('SLUICE_PUBSUB_PROJECT'),
  )
  .option('--quiet', 'print nothing but errors')
  .addHelpText(
    'after',
    '\nExit codes: 0 stopped, 1 could not start, 2 wrong usage. Stop it with Ctrl-C.',
  )
  .exitOverride((problem) => process.exit(problem.exitCode === 0 ? 0 : 2))
  .parse()

/** What the record does for itself. */
const NOT_SHOWN: ReadonlySet<string> = new Set(['writer-opened', 'writer-closed', 'sealed-batch'])

const { quiet, ...options } = command.opts<Options>()
const say = (text: string): void => {
  if (quiet !== true) process.stdout.write(`${text}\n`)
}

try {
  const stack = await startLocalStack({
    ...(options satisfies Omit<LocalStackOptions, 'onEntry'>),
    onEntry: (entry) => {
      if (!NOT_SHOWN.has(entry.type)) say(describeEntry(entry))
    },
  })
  say(welcome(stack))
  let stopping = false
  const stop = (): void => {
    // A second Ctrl-C does not wait.
    if (stopping) process.exit(130)
    stopping = true
    say('\nstopping')
    stack.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
} catch (cause) {
  process.stderr.write(`error: ${cause instanceof Error ? cause.message : String(cause)}\n`)
  process.exit(1)
}
