import { Command, InvalidArgumentError } from 'commander'

import { sessionList, sessionView } from '../../shared/console/views/session-view.ts'
import { allPages } from './all-pages.ts'
import { type ApiCall, apiCall } from './api-call.ts'
import { type CallerOptions, callerOptions, callerToken } from './caller-token.ts'
import { downloadExport } from './download-export.ts'
import { exportTarget } from './export-target.ts'
import { gatewayOption } from './gateway-option.ts'
import { pastTime } from './past-time.ts'
import { plainJson } from './plain-json.ts'
import { wholeNumber } from './search.ts'
import { sessionText, sessionsText } from './session-text.ts'
import { sessionsReplayCommand } from './sessions-replay.ts'
import { tailCalls } from './tail-calls.ts'

interface Options extends CallerOptions {
  readonly principal?: string
  readonly since?: string
  readonly to?: string
  readonly limit: number
  readonly every: number
  readonly for?: number
  readonly private?: true
  readonly out?: string
  readonly json?: true
}

/** `sluice sessions`: what somebody did, from sign-in to sign-out. */
export function sessionsCommand(): Command {
  return new Command('sessions')
    .description('list sessions, read one, follow what happens, run one again, take one along')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(tailCommand())
    .addCommand(sessionsReplayCommand())
    .addCommand(takeCommand())
}

function listCommand(): Command {
  const command = common('list', 'sessions, the newest first')
    .option('--principal <name>', 'of whom: sub, e-mail address, or issuer and sub')
    .option('--since <time>', 'that began from then on: 90d, 12h, a day or a time in UTC', pastTime)
    .option('--to <time>', 'and before then', pastTime)
    .option('--limit <n>', 'at most so many', wholeNumber, 50)
  return command.option('--json', 'as one JSON document').action(async (options: Options) => {
    const call = await callOf(command, options)
    const query = new URLSearchParams({ pageSize: String(Math.min(options.limit, 200)) })
    if (options.principal !== undefined) query.set('principal', options.principal)
    if (options.since !== undefined) query.set('from', options.since)
    if (options.to !== undefined) query.set('to', options.to)
    const { items: sessions, isMore } = await allPages(async (pageToken) => {
      if (pageToken !== undefined) query.set('pageToken', pageToken)
      const page = await call(`/v1/sessions?${query.toString()}`, sessionList)
      return { items: page.sessions, next: page.nextPageToken }
    }, options.limit)
    process.stdout.write(options.json ? plainJson({ sessions, isMore }) : sessionsText(sessions))
  })
}

function showCommand(): Command {
  const command = common('show', 'everything that happened in a session, the oldest first')
    .argument('<id>', 'of the session', sessionId)
    .option('--limit <n>', 'at most so many calls', wholeNumber, 500)
  return command
    .option('--json', 'as one JSON document')
    .action(async (id: string, options: Options) => {
      const call = await callOf(command, options)
      const query = new URLSearchParams({ pageSize: String(Math.min(options.limit, 500)) })
      const read = () => call(`/v1/sessions/${id}?${query.toString()}`, sessionView)
      const first = await read()
      const { items: calls, isMore } = await allPages(async (pageToken) => {
        if (pageToken === undefined) return { items: first.calls, next: first.nextPageToken }
        query.set('pageToken', pageToken)
        const page = await read()
        return { items: page.calls, next: page.nextPageToken }
      }, options.limit)
      const { summary, entries } = first
      const more = isMore ? `\nthe first ${calls.length} calls; more with --limit\n` : ''
      process.stdout.write(
        options.json
          ? plainJson({ summary, calls, entries, isMore })
          : `${sessionText({ summary, calls: [...calls], entries })}${more}`,
      )
    })
}

function tailCommand(): Command {
  const command = common('tail', 'follow calls as they come and change, until it is stopped')
    .argument('[id]', 'of a session (default: all that you may see)', sessionId)
    .option('--every <seconds>', 'how often to look; each look is on the record', wholeNumber, 5)
    .option('--for <seconds>', 'and for how long', wholeNumber)
  return command
    .option('--json', 'a JSON document per line')
    .action(async (id: string | undefined, options: Options) => {
      const call = await callOf(command, options)
      const until = options.for === undefined ? Infinity : Date.now() + options.for * 1_000
      const { every, json = false } = options
      await tailCalls(call, { session: id, everyMs: every * 1_000, until, json }, (text) => {
        process.stdout.write(text)
      })
    })
}

function takeCommand(): Command {
  const command = common('export', 'a session as a bundle for `sluice verify`')
    .argument('<id>', 'of the session', sessionId)
    .option('--private', 'with SQL, parameters and kept results in clear; for private-readers')
    .option('--out <file>', 'where to; it appears when it is whole (default: standard output)')
  return command.action(async (id: string, options: Options) => {
    const token = await callerToken(command, options)
    const query = new URLSearchParams({ session: id })
    if (options.private) query.set('private', 'true')
    const url = `${options.gateway}/v1/export?${query.toString()}`
    const target = () => exportTarget(options.out)
    const { lines } = await downloadExport({ url, token, hasEnd: true }, target, () => undefined)
    if (options.out !== undefined) process.stdout.write(`${lines} lines: ${options.out}\n`)
  })
}

async function callOf(command: Command, options: Options): Promise<ApiCall> {
  return apiCall(options.gateway, await callerToken(command, options))
}

function common(name: string, description: string): Command {
  const command = new Command(name).description(description).addOption(gatewayOption())
  for (const option of callerOptions()) command.addOption(option)
  return command
}

function sessionId(text: string): string {
  if (!/^[a-z2-7]{26}$/.test(text))
    throw new InvalidArgumentError('26 of the characters a to z and 2 to 7')
  return text
}
