import { Command } from 'commander'

import type { ApprovalState, ApprovalView } from '../../shared/approval-desk/api/approval-view.ts'
import { showText } from './approval-facts-text.ts'
import { whatText } from './approval-words.ts'
import { bytes, id, time } from './approvals-arguments.ts'
import { type ApprovalsClient, type Deed, allOf, approvalsClient } from './approvals-client.ts'
import { listText } from './approvals-list-text.ts'
import { type CallerOptions, callerOptions, callerToken } from './caller-token.ts'
import { gatewayOption } from './gateway-option.ts'
import { plainJson } from './plain-json.ts'

interface Options extends CallerOptions {
  readonly reason?: string
  readonly finding?: string
  readonly for?: string
  readonly maxBytes?: string
  readonly json?: true
}

/** `sluice approvals`: what waits for people, and what people decide, each with a token of their own. */
export function approvalsCommand(): Command {
  return new Command('approvals')
    .description('see and decide what waits for approval, as yourself')
    .addCommand(
      common('list', 'what you may decide about, and what you asked for').action(
        async (options: Options, command: Command) => {
          const approvals = await allOf(await clientOf(command, options))
          print(options, { approvals }, () => listText(approvals, Date.now()))
        },
      ),
    )
    .addCommand(
      about('show', 'all that is to be known before you decide').action(
        async (text: string, options: Options, command: Command) => {
          const client = await clientOf(command, options)
          const view = await client.show(await client.find(text))
          print(options, view, () => showText(view, Date.now()))
        },
      ),
    )
    .addCommand(
      about('approve', 'let it run, exactly as it is now, once')
        .option('--reason <text>', 'for whoever asked, and for the record')
        .option('--for <time>', 'let queries like it run for so long, such as 2h', time)
        .option('--max-bytes <bytes>', 'that together process at most this, such as 10GiB', bytes)
        .action(approve),
    )
    .addCommand(
      about('deny', 'say no; that is final')
        .requiredOption('--reason <text>', 'for whoever asked, and for the record')
        .action(async (text: string, options: Options, command: Command) => {
          await vote(text, options, command, { verdict: 'deny', reason: options.reason })
        }),
    )
    .addCommand(
      about('revoke', 'take it back; what runs is stopped')
        .requiredOption('--reason <text>', 'for whoever asked, and for the record')
        .action(deed('revocation', 'revoked', ({ reason }) => ({ reason }))),
    )
    .addCommand(
      about('review', 'close the review of a broken glass')
        .requiredOption('--finding <text>', 'what you found')
        .action(deed('review', 'review closed', ({ finding }) => ({ finding }))),
    )
    .addCommand(
      about('cancel', 'take back what you asked for').action(
        deed('cancellation', 'taken back', () => ({})),
      ),
    )
}

type Act = (text: string, options: Options, command: Command) => Promise<void>

const approve: Act = async (text, options, command) => {
  const { reason = '', for: lasting, maxBytes } = options
  if ((lasting === undefined) !== (maxBytes === undefined))
    command.error('error: give --for and --max-bytes together', { exitCode: 2 })
  const box = lasting === undefined ? undefined : { duration: lasting, maximumBytes: maxBytes }
  await vote(text, options, command, { verdict: 'approve', reason, box })
}

/** Votes on what is there now: its digest goes with the vote. */
async function vote(
  text: string,
  options: Options,
  command: Command,
  said: {
    readonly verdict: 'approve' | 'deny'
    readonly reason: string | undefined
    readonly box?: object | undefined
  },
): Promise<void> {
  const client = await clientOf(command, options)
  const view = await client.show(await client.find(text))
  const state = await client.do(view.id, 'votes', { ...said, digest: view.digest })
  print(options, state, () => voteText(said.verdict, view, state))
}

function voteText(verdict: 'approve' | 'deny', view: ApprovalView, state: ApprovalState): string {
  const what = `${whatText(view)}, digest ${view.digest.slice(0, 12)}`
  if (!state.settled)
    return `your vote is on its way: ${what}\nsee \`sluice approvals show ${view.id}\`\n`
  if (verdict === 'deny') return `denied: ${what}\n`
  return state.state === 'approval-awaited'
    ? `your yes counts, and others have to say so too: ${what}\n`
    : `approved: ${what}\n`
}

function deed(name: Deed, done: string, body: (options: Options) => object): Act {
  return async (text, options, command) => {
    const client = await clientOf(command, options)
    const state = await client.do(await client.find(text), name, body(options))
    print(options, state, () => `${done}: ${state.id}\n`)
  }
}

async function clientOf(command: Command, options: Options): Promise<ApprovalsClient> {
  return approvalsClient(options.gateway, await callerToken(command, options))
}

function print({ json }: Options, document: unknown, text: () => string): void {
  process.stdout.write(json ? plainJson(document) : text())
}

function about(name: string, description: string): Command {
  return common(name, description).argument('<id>', 'or its first 6 characters or more', id)
}

function common(name: string, description: string): Command {
  const command = new Command(name).description(description).addOption(gatewayOption())
  for (const option of callerOptions()) command.addOption(option)
  return command.option('--json', 'as one JSON document')
}
