import { Command } from 'commander'

import { visibleLine } from '../../shared/approval-desk/visible-text.ts'
import { erasureView, holdView, holdsView } from '../../shared/console/api/records-view.ts'
import type { HoldView } from '../../shared/console/api/records-view.ts'
import { type ApiCall, apiCall } from './api-call.ts'
import { type CallerOptions, callerOptions, callerToken } from './caller-token.ts'
import { gatewayOption } from './gateway-option.ts'
import { plainJson } from './plain-json.ts'
import { type ScopeOptions, principalOf, scoped, usage } from './scope-options.ts'

interface Options extends CallerOptions, ScopeOptions {
  readonly everything?: true
  readonly reason: string
  readonly json?: true
}

/** `sluice holds`: what is neither deleted nor erased, whatever policy says; for auditors. */
export function holdsCommand(): Command {
  return new Command('holds')
    .description('keep a part of the record whatever policy and anybody says, until it is released')
    .addCommand(
      common('list', 'the holds in force').action(async (options: Options, command: Command) => {
        const call = await callOf(command, options)
        const found = await call('/v1/holds', holdsView)
        print(options, found, found.holds.map(holdText).join(''))
      }),
    )
    .addCommand(
      scoped(common('set', 'hold a session, what somebody did, or everything'))
        .option('--everything', 'the whole record')
        .requiredOption('--reason <text>', 'why; on the record')
        .action(async (options: Options, command: Command) => {
          const { session, everything, reason } = options
          const principal = principalOf(command, options)
          if ((everything === true) === (session !== undefined || principal !== undefined))
            usage(command, 'give --session, --principal, both, or --everything')
          const call = await callOf(command, options)
          const body = { session, principal, everything, reason }
          const hold = await call('/v1/holds', holdView, body)
          print(options, hold, `held: ${holdText(hold)}`)
        }),
    )
    .addCommand(
      common('release', 'let policy and people decide again')
        .argument('<id>', 'of the hold')
        .requiredOption('--reason <text>', 'why; on the record')
        .action(async (id: string, options: Options, command: Command) => {
          const { reason } = options
          const call = await callOf(command, options)
          const path = `/v1/holds/${encodeURIComponent(id)}/release`
          const hold = await call(path, holdView, { reason })
          print(options, hold, `released: ${holdText(hold)}`)
        }),
    )
}

/** `sluice erase`: destroys the keys of private facts, for ever; for records-managers. */
export function eraseCommand(): Command {
  return scoped(
    common('erase', 'destroy the keys of private facts, for ever; the record still verifies'),
  )
    .requiredOption('--reason <text>', 'why, and by whose authority; on the record')
    .action(async (options: Options, command: Command) => {
      const { session, reason } = options
      const principal = principalOf(command, options)
      if ((session === undefined) === (principal === undefined))
        usage(command, 'give --session or --principal, one of them')
      const call = await callOf(command, options)
      const erased = await call('/v1/erasures', erasureView, { session, principal, reason })
      const keys = erased.keys.length === 1 ? '1 key' : `${erased.keys.length} keys`
      print(options, erased, `erased: ${keys} destroyed\n`)
    })
}

async function callOf(command: Command, options: Options): Promise<ApiCall> {
  return apiCall(options.gateway, await callerToken(command, options))
}

function holdText({ id, session, principal, by, reason, at }: HoldView): string {
  const scope = [session && `session ${session}`, principal && `principal ${principal}`]
  const known = scope.filter((each) => each !== undefined)
  const what = known.length === 0 ? 'everything' : known.join(' of ')
  return `${id}  ${visible(what)}, by ${visible(by)} on ${at}: ${visible(reason)}\n`
}

/** Somebody wrote it: nothing in it moves the cursor. */
function visible(text: string): string {
  return visibleLine(text, 1_000, 'words')
}

function print({ json }: Options, document: unknown, text: string): void {
  process.stdout.write(json ? plainJson(document) : text)
}

function common(name: string, description: string): Command {
  const command = new Command(name).description(description).addOption(gatewayOption())
  for (const option of callerOptions()) command.addOption(option)
  return command.option('--json', 'as one JSON document')
}
