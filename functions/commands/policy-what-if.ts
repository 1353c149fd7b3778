import { readFileSync } from 'node:fs'

import { Command } from 'commander'

import { formatProblems } from '../../shared/policy/policy-problem.ts'
import { parsePolicyBytes } from '../read-policy.ts'
import { type CallerOptions, callerOptions, callerToken } from './caller-token.ts'
import { ExitCode } from './exit-code.ts'
import { gatewayOption } from './gateway-option.ts'
import { instant } from './instant.ts'
import { pastTime } from './past-time.ts'
import { plainJson } from './plain-json.ts'
import { progressLine } from './progress-line.ts'
import { askWhatIf } from './what-if-call.ts'
import { whatIfText } from './what-if-text.ts'

interface Options extends CallerOptions {
  readonly since?: string
  readonly from?: string
  readonly to?: string
  readonly json?: true
}

/** Some call would be decided otherwise. */
const CHANGED = 3
const USUAL = '7d'

/** `sluice policy what-if`: what a policy would have said to recorded calls, before it is deployed. */
export function policyWhatIfCommand(): Command {
  const command = new Command('what-if')
    .description('say what a policy would have said to recorded calls; nothing runs')
    .argument('<file>', 'the policy file')
    .option(
      '--since <time>',
      `of calls since then: 7d, 12h, or a time (default: ${USUAL})`,
      pastTime,
    )
    .option('--from <time>', 'of calls from then on, such as 2026-11-21T09:00:00Z', instant)
    .option('--to <time>', 'and before then (default: up to now)', instant)
    .addOption(gatewayOption())
  for (const option of callerOptions()) command.addOption(option)
  return command
    .option('--json', 'as one JSON document')
    .addHelpText('after', HELP)
    .action(async (file: string, options: Options) => {
      if (options.since !== undefined && options.from !== undefined)
        command.error('error: give --since or --from, not both', { exitCode: 2 })
      const bytes = readFileSync(file)
      const policy = parsePolicyBytes(bytes)
      if (!policy.ok) {
        process.stdout.write(`${formatProblems(policy.error, file)}\n`)
        throw new Error(`the policy is refused: \`${file}\``)
      }
      const from = options.from ?? options.since ?? pastTime(USUAL)
      const to = options.to ?? new Date().toISOString()
      const token = await callerToken(command, options)
      const progress = progressLine(process.stderr)
      const report = await askWhatIf(
        options.gateway,
        token,
        { policy: policy.value.text, from, to },
        ({ done, of }) => progress.show(`${done} of ${of} calls compared`),
      ).finally(() => progress.clear())
      process.stdout.write(options.json ? plainJson(report) : whatIfText(report))
      if (report.counts.same + report.counts['not-compared'] < report.calls)
        throw new ExitCode(CHANGED)
    })
}

const HELP = `
Calls are decided again as their callers, at their time, on tables as they are now, and by the estimates on
the record. Limits, budgets and kill switches are not played through. For auditors and policy-admins.

Exit codes: 0 every call that could be compared is decided the same, 1 failed, 2 wrong usage, ${CHANGED} some are not.`
