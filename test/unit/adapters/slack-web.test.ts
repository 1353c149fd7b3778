import { inspect } from 'node:util'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'
import { slackWeb } from '../../../shared/adapters/slack/slack-web.ts'
import type { SlackWeb } from '../../../shared/approval/slack-web.ts'
import { BOT_TOKEN, type SlackStandIn, startSlackStandIn } from '../../support/slack-stand-in.ts'

const message = {
  text: 'hello',
  blocks: [{ type: 'header', text: { type: 'plain_text', text: 'hello', emoji: false } }],
}

let stand: SlackStandIn
let slack: SlackWeb

beforeEach(async () => {
  stand = await startSlackStandIn()
  slack = slackWeb({ token: new Redacted(BOT_TOKEN), apiUrl: stand.apiUrl, timeoutMs: 500 })
})
afterEach(() => stand.close())

const calls = (method: string) => stand.asked.filter((each) => each.method === method).length

test('posts, and says where; what is posted opens nothing by itself', async () => {
  const place = await slack.post('#privacy-office', message)
  expect(place).toEqual({ channel: 'C0PRIVACY', ts: stand.messages[0]?.ts })
  expect(stand.asked[0]?.args).toMatchObject({
    unfurl_links: 'false',
    unfurl_media: 'false',
    link_names: 'false',
    parse: 'none',
  })
  expect(await slack.update(place, { ...message, text: 'bye' })).toBe('updated')
  expect(stand.messages[0]).toMatchObject({ text: 'bye', updates: 1 })
  expect(await slack.update({ ...place, ts: '1.1' }, message)).toBe('gone')
})

test.each([
  ['channel_not_found', '/invite'],
  ['not_in_channel', '/invite'],
  ['invalid_auth', 'bot token'],
  ['token_revoked', 'install the app again'],
  ['is_archived', 'name another one in the policy'],
  ['missing_scope', 'users:read.email'],
])('%s says what to change, and is not tried again', async (error, words) => {
  stand.failNext('chat.postMessage', { error })
  await expect(slack.post('C0PRIVACY', message)).rejects.toThrow(words)
  expect(calls('chat.postMessage')).toBe(1)
})

test('a moment’s patience is had, an hour’s is not', async () => {
  stand.failNext('chat.postMessage', { retryAfter: 1 })
  await slack.post('C0PRIVACY', message)
  expect([stand.messages.length, calls('chat.postMessage')]).toEqual([1, 2])
  stand.failNext('chat.postMessage', { retryAfter: 3600 })
  const start = performance.now()
  await expect(slack.post('C0PRIVACY', message)).rejects.toThrow('ratelimited')
  expect(performance.now() - start).toBeLessThan(10_000)
})

test('what may have happened is not done twice, but for what is the same twice', async () => {
  stand.failNext('chat.postMessage', { status: 500 })
  await expect(slack.post('C0PRIVACY', message)).rejects.toThrow('unreachable')
  expect(calls('chat.postMessage')).toBe(1)
  const place = await slack.post('C0PRIVACY', message)
  stand.failNext('chat.update', { status: 500 })
  expect(await slack.update(place, message)).toBe('updated')
})

test('what is whispered is text', async () => {
  await slack.whisper('C0PRIVACY', 'U1', '<!channel> & co')
  expect(stand.whispers).toEqual([
    { channel: 'C0PRIVACY', user: 'U1', text: '&lt;!channel&gt; &amp; co' },
  ])
})

test.each([
  [{}, { guest: false, bot: false, deleted: false, emailConfirmed: true }],
  [{ is_restricted: true }, { guest: true }],
  [{ is_ultra_restricted: true }, { guest: true }],
  [{ is_invited_user: true }, { guest: true }],
  [{ is_bot: true }, { bot: true }],
  [{ is_workflow_bot: true }, { bot: true }],
  [{ deleted: true }, { deleted: true }],
  [{ is_stranger: true }, { stranger: true }],
  [{ is_email_confirmed: false }, { emailConfirmed: false }],
  [{ is_email_confirmed: undefined }, { emailConfirmed: false }],
  [{ team_id: undefined }, { team: undefined }],
  [{ profile: { email: 'a@b.example' } }, { email: 'a@b.example' }],
])('a user with %j is known as %j', async (fields, expected) => {
  stand.users.set('U1', fields)
  expect(await slack.userInfo('U1')).toMatchObject({ ok: true, value: { id: 'U1', ...expected } })
})

test('whom Slack does not know is unknown', async () => {
  expect(await slack.userInfo('U404')).toEqual({ ok: false, error: 'unknown' })
})

test('a trigger is good once, and for 3 s', async () => {
  const place = await slack.post('C0PRIVACY', message)
  expect(place.channel).toBe('C0PRIVACY')
  const view = {
    type: 'modal',
    callback_id: 'c',
    private_metadata: 'm',
    title: { type: 'plain_text', text: 't' },
    submit: { type: 'plain_text', text: 's' },
    close: { type: 'plain_text', text: 'c' },
    blocks: message.blocks,
  }
  await expect(slack.openView('1.2.3', view)).rejects.toThrow('press it again')
})

test('the token is in no error and no log, whatever goes wrong', async () => {
  const written: string[] = []
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...all) => void written.push(inspect(all))),
  )
  const dead = slackWeb({
    token: new Redacted(BOT_TOKEN),
    apiUrl: new URL('http://127.0.0.1:1/api/'),
  })
  stand.failNext('chat.postMessage', { error: BOT_TOKEN })
  stand.failNext('chat.postMessage', { status: 500, error: BOT_TOKEN })
  const causes = await Promise.all([
    ...[slack, slack, dead].map((each) =>
      each.post('C0PRIVACY', message).catch((cause: unknown) => cause),
    ),
    slack.openView('x', {}).catch((cause: unknown) => cause),
  ])
  for (const spy of spies) spy.mockRestore()
  expect(causes.every((cause) => cause instanceof Error)).toBe(true)
  const everything = inspect([causes, slack, written], { depth: 9, showHidden: true })
  expect(everything).not.toContain('xoxb')
  expect(written).toEqual([])
})
