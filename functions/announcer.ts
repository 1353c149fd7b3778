import { readFileSync } from 'node:fs'

import { Redacted } from '../shared/adapters/secret-manager/redacted.ts'
import type { ReadSecret } from '../shared/adapters/secret-manager/secret-manager-reader.ts'
import type { Announce } from '../shared/approval/announce.ts'
import type { SlackWeb } from '../shared/approval/slack-web.ts'
import type { Clock } from '../shared/kernel/clock.ts'
import type { Store } from './open-store.ts'
import type { KeptAt, Settings } from './settings.ts'

/** Tells people in Slack; without Slack nobody, and they look themselves (`sluice approvals list`). */
export async function announcerIn(
  slack: SlackWeb | undefined,
  store: Pick<Store, 'grants' | 'slackMessages'>,
  { consoleUrl, clock }: { readonly consoleUrl: string | undefined; readonly clock: Clock },
): Promise<Announce> {
  if (slack === undefined) return { tell: async () => {}, settled: async () => {} }
  const { slackAnnouncer } = await import('../shared/approval-desk/slack/slack-announcer.ts')
  const { grants, slackMessages: messages } = store
  return slackAnnouncer({ slack, messages, find: (id) => grants.find(id), clock, consoleUrl })
}

/** Slack by its bot token; undefined without one. */
export async function slackOf(
  { slack: { token, apiUrl } }: Settings,
  readSecret: ReadSecret,
): Promise<SlackWeb | undefined> {
  if (token === undefined) return undefined
  const { slackWeb } = await import('../shared/adapters/slack/slack-web.ts')
  return slackWeb({ token: await secretText(token, readSecret), apiUrl, timeoutMs: SLACK_MS })
}

/** Slack gives us three seconds, and most of them are its own. */
const SLACK_MS = 1_000

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
