import { Command } from 'commander'

import {
  type ReconciliationView,
  reconciliationView,
} from '../../shared/console/api/reconciliation-view.ts'
import { type ApiCall, apiCall } from './api-call.ts'
import { type CallerOptions, callerOptions, callerToken } from './caller-token.ts'
import { ExitCode } from './exit-code.ts'
import { gatewayOption } from './gateway-option.ts'
import { instant } from './instant.ts'
import { plainJson } from './plain-json.ts'
import { reconciliationText } from './reconciliation-text.ts'

interface Options extends CallerOptions {
  readonly from?: string
  readonly to?: string
  readonly json?: true
}

/** Something does not fit. */
const FOUND = 3

/** `sluice reconcile`: the record against the jobs that BigQuery says it ran. */
export function reconcileCommand(): Command {
  const command = new Command('reconcile')
    .description(
      'compare the record with the jobs that BigQuery ran; whatever does not fit is recorded as an alert',
    )
    .option('--from <time>', 'of jobs from then on (default: since the last time)', instant)
    .option(
      '--to <time>',
      'and before then, such as 2026-11-21T09:00:00Z (default: up to now)',
      instant,
    )
    .addOption(gatewayOption())
  for (const option of callerOptions()) command.addOption(option)
  return command
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      `\nExit codes: 0 everything fits, 1 failed, 2 wrong usage, ${FOUND} something does not fit.`,
    )
    .action(async (options: Options) => {
      const token = await callerToken(command, options)
      const done = await toTheEnd(apiCall(options.gateway, token), options)
      process.stdout.write(options.json ? plainJson(done) : reconciliationText(done))
      if (done.alerts.length > 0) throw new ExitCode(FOUND)
    })
}

/** Goes on where the gateway stopped, as it does not work for long at a time. */
async function toTheEnd(call: ApiCall, { from, to }: Options): Promise<ReconciliationView> {
  let done = await call('/v1/reconciliations', reconciliationView, { from, to })
  while (Date.parse(done.to) < Date.parse(done.until)) {
    const rest = { from: done.to, to: done.until }
    // oxlint-disable-next-line no-await-in-loop -- each from where the one before came to
    const next = await call('/v1/reconciliations', reconciliationView, rest)
    if (next.to === done.to) throw new Error(`the gateway comes no further than \`${done.to}\``)
    done = together(done, next)
  }
  return done
}

function together(one: ReconciliationView, other: ReconciliationView): ReconciliationView {
  const ids = one.alerts.map(({ id }) => id)
  return {
    from: one.from,
    to: other.to,
    until: one.until,
    jobs: one.jobs + other.jobs,
    calls: one.calls + other.calls,
    ownQuestions: one.ownQuestions + other.ownQuestions,
    others: one.others + other.others,
    alerts: [...one.alerts, ...other.alerts.filter(({ id }) => !ids.includes(id))],
  }
}
