import { Command, InvalidArgumentError } from 'commander'

import { callList } from '../../shared/console/views/call-view.ts'
import { allPages } from './all-pages.ts'
import { apiCall } from './api-call.ts'
import { type CallerOptions, callerOptions, callerToken } from './caller-token.ts'
import { callsText, timeText } from './calls-text.ts'
import { type FilterOptions, filterQuery, filtered } from './filter-options.ts'
import { gatewayOption } from './gateway-option.ts'
import { plainJson } from './plain-json.ts'

interface Options extends CallerOptions {
  readonly limit: number
  readonly json?: true
}

/** `sluice search`: who did what, through which agent, who approved it, and what they saw. */
export function searchCommand(): Command {
  const command = filtered(new Command('search'))
    .description('search the record: who did what, through what, who approved it, what they saw')
    .option('--limit <n>', 'at most so many, the newest', wholeNumber, 100)
    .addOption(gatewayOption())
  for (const option of callerOptions()) command.addOption(option)
  return command
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      '\nEverything given has to hold; what is given twice has to hold twice. Times are UTC.\nWho read patients.ssn in the last quarter: sluice search --column patients.ssn --since 90d',
    )
    .action(async (options: Options & FilterOptions) => {
      const call = apiCall(options.gateway, await callerToken(command, options))
      const query = filterQuery(options)
      query.set('pageSize', String(Math.min(options.limit, 200)))
      let indexedUpTo: string | undefined
      const { items: calls, isMore } = await allPages(async (pageToken) => {
        if (pageToken !== undefined) query.set('pageToken', pageToken)
        const page = await call(`/v1/calls?${query.toString()}`, callList)
        indexedUpTo ??= page.indexedUpTo
        return { items: page.calls, next: page.nextPageToken }
      }, options.limit)
      if (options.json) {
        process.stdout.write(plainJson({ calls, isMore, indexedUpTo }))
        return
      }
      const upTo = indexedUpTo === undefined ? '' : `; searched up to ${timeText(indexedUpTo)} UTC`
      process.stdout.write(
        calls.length === 0
          ? `nothing found${upTo}\n`
          : `${callsText(calls)}${countText(calls.length, isMore)}${upTo}\n`,
      )
    })
}

function countText(count: number, isMore: boolean): string {
  const calls = count === 1 ? '1 call' : `${count} calls`
  return isMore ? `the newest ${calls}; more with --limit` : calls
}

/** A number of things. Throws commander's error. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 1')
  return Number(text)
}
