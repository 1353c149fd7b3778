import { Command, InvalidArgumentError } from 'commander'

import { replayReport } from '../../shared/console/views/replay-view.ts'
import { apiCall } from './api-call.ts'
import { type CallerOptions, callerOptions, callerToken } from './caller-token.ts'
import { ExitCode } from './exit-code.ts'
import { gatewayOption } from './gateway-option.ts'
import { plainJson } from './plain-json.ts'
import { progressLine } from './progress-line.ts'
import { replayText } from './replay-text.ts'

interface Options extends CallerOptions {
  readonly call?: string
  readonly connection?: string
  readonly asOfThen?: true
  readonly json?: true
}

/** Not everything is known to be the same. */
const NOT_SAME = 3

/** `sluice sessions replay`: recorded calls run again in a sandbox, and how that compares. */
export function sessionsReplayCommand(): Command {
  const command = new Command('replay')
    .description('run a session again in a sandbox of the policy, and compare; no rows are shown')
    .argument('[id]', 'of the session', recordId)
    .option('--call <id>', 'one call, in place of a session', recordId)
    .option('--connection <id>', 'the sandbox, where policy has more than one')
    .option('--as-of-then', 'on tables as they were when each call was asked')
    .addOption(gatewayOption())
  for (const option of callerOptions()) command.addOption(option)
  return command
    .option('--json', 'as one JSON document')
    .addHelpText('after', HELP)
    .action(async (session: string | undefined, options: Options) => {
      const { call, connection, asOfThen, json } = options
      if ((session === undefined) === (call === undefined))
        command.error('error: give the id of a session, or --call', { exitCode: 2 })
      const ask = apiCall(options.gateway, await callerToken(command, options))
      const asOf = asOfThen === true ? 'then' : undefined
      const progress = waiting()
      const body = { session, call, connection, asOf }
      const report = await ask('/v1/replays', replayReport, body).finally(progress.end)
      process.stdout.write(json === true ? plainJson(report) : replayText(report))
      if (report.verdict !== 'same') throw new ExitCode(NOT_SAME)
    })
}

/** Says for how long the gateway has been at it: it answers once, at the end. */
function waiting(): { readonly end: () => void } {
  const line = progressLine(process.stderr)
  const since = Date.now()
  const timer = setInterval(() => {
    line.show(`replaying, ${Math.round((Date.now() - since) / 1_000)} s`)
  }, 1_000)
  return {
    end: () => {
      clearInterval(timer)
      line.clear()
    },
  }
}

function recordId(text: string): string {
  if (!/^[a-z2-7]{26}$/.test(text))
    throw new InvalidArgumentError('26 of the characters a to z and 2 to 7')
  return text
}

const HELP = `
Each call runs as whoever asked it, under the policy in force now, and is on the record like any other. What is
denied now, or would need people's approval, is not run. For auditors.

Exit codes: 0 everything that was run is the same, 1 failed, 2 wrong usage, ${NOT_SAME} something differs, is not
known, or nothing was run.`
