import type { WebClient } from '@slack/web-api'
import { z } from 'zod'

import type { SlackMessage, SlackUser, SlackWeb } from '../../approval/slack-web.ts'
import { err, ok } from '../../kernel/result.ts'
import { attempt } from './attempt.ts'
import { type SlackOptions, connect } from './connect.ts'
import { SlackFailed } from './slack-failed.ts'

const posted = z.object({ channel: z.string(), ts: z.string() })

/** https://docs.slack.dev/reference/objects/user-object */
const userReply = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_workflow_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_invited_user: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    is_email_confirmed: z.boolean().default(false),
    profile: z.object({ email: z.string().optional() }).default({}),
  }),
})

/** `SlackWeb` on Slack's official client. Nothing is loaded or connected before the first call. */
export function slackWeb(options: SlackOptions): SlackWeb {
  let connecting: Promise<WebClient> | undefined

  async function call(
    method: string,
    body: Record<string, unknown>,
    repeatable = false,
  ): Promise<unknown> {
    connecting ??= connect(options)
    const client = await connecting
    return attempt(method, { repeatable }, () => client.apiCall(method, body))
  }

  return {
    post: async (channel, message) =>
      understood(
        'chat.postMessage',
        posted,
        await call('chat.postMessage', {
          channel,
          ...bodyOf(message),
          unfurl_links: false,
          unfurl_media: false,
        }),
      ),
    update: async ({ channel, ts }, message) => {
      try {
        await call('chat.update', { channel, ts, ...bodyOf(message) }, true)
        return 'updated'
      } catch (cause) {
        if (cause instanceof SlackFailed && cause.code === 'message_not_found') return 'gone'
        throw cause
      }
    },
    openView: async (triggerId, view) => {
      await call('views.open', { trigger_id: triggerId, view })
    },
    whisper: async (channel, user, text) => {
      await call('chat.postEphemeral', { channel, user, text: escapeText(text) })
    },
    userInfo: async (user) => {
      try {
        const reply = await call('users.info', { user }, true)
        return ok(userOf(understood('users.info', userReply, reply)))
      } catch (cause) {
        const unknown = ['user_not_found', 'user_not_visible', 'users_not_found']
        if (cause instanceof SlackFailed && unknown.includes(cause.code)) return err('unknown')
        throw cause
      }
    },
  }
}

/** Nothing in it becomes a link, a mention or a picture by itself. */
function bodyOf({ text, blocks }: SlackMessage): Record<string, unknown> {
  return {
    text,
    blocks,
    parse: 'none',
    link_names: false,
  }
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function userOf({ user }: z.infer<typeof userReply>): SlackUser {
  return {
    id: user.id,
    team: user.team_id,
    email: user.profile.email,
    emailConfirmed: user.is_email_confirmed,
    deleted: user.deleted,
    bot: user.is_bot || user.is_workflow_bot || user.id === 'USLACKBOT',
    // Fail closed: who was invited is nobody yet.
    guest: user.is_restricted || user.is_ultra_restricted || user.is_invited_user,
    stranger: user.is_stranger,
  }
}

function understood<T>(method: string, schema: z.ZodType<T>, reply: unknown): T {
  const parsed = schema.safeParse(reply)
  if (!parsed.success) throw new SlackFailed(method, 'not_understood')
  return parsed.data
}
