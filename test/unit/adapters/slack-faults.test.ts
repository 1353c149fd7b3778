import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'
import { slackWeb } from '../../../shared/adapters/slack/slack-web.ts'
import type { SlackWeb } from '../../../shared/approval/slack-web.ts'
import { BOT_TOKEN, type SlackStandIn, startSlackStandIn } from '../../support/slack-stand-in.ts'
import {
  closeMidBody,
  endless,
  gzipBomb,
  hang,
  htmlReply,
  notHttp,
  redirect,
  resetAfterHeaders,
  resetBeforeHeaders,
  slowLoris,
  truncatedGzip,
} from '../../support/stub-faults.ts'
import { bytesReply, jsonReply } from '../../support/stub-replies.ts'
import { type Respond, startStubUpstream } from '../../support/stub-upstream.ts'

const TEXT = 'canary: why somebody asks'
const message = {
  text: TEXT,
  blocks: [{ type: 'header', text: { type: 'plain_text', text: TEXT, emoji: false } }],
}

let stand: SlackStandIn
let slack: SlackWeb
beforeEach(async () => {
  stand = await startSlackStandIn()
  slack = slackWeb({ token: new Redacted(BOT_TOKEN), apiUrl: stand.apiUrl, timeoutMs: 400 })
})
afterEach(() => stand.close())

const place = { channel: 'C0PRIVACY', ts: '1.1' }
/** What may be done twice is asked twice, where nobody knows what became of it. */
const uses: readonly (readonly [string, () => Promise<unknown>, repeatable: boolean])[] = [
  ['chat.postMessage', () => slack.post('C0PRIVACY', message), false],
  ['chat.update', () => slack.update(place, message), true],
  ['chat.postEphemeral', () => slack.whisper('C0PRIVACY', 'U1', TEXT), false],
  ['views.open', () => slack.openView('1.2.3', { type: 'modal' }), false],
  ['users.info', () => slack.userInfo('U1'), true],
]

/** Throws back what it heard: the token, and what approvers are told. */
const echo =
  (status: number): Respond =>
  (request, response) => {
    const error = `${request.headers.authorization} ${request.body.toString()}`
    return jsonReply(status, { ok: false, error })(request, response)
  }

const unheard: readonly (readonly [string, Respond])[] = [
  ...[401, 403, 404, 409, 412, 500, 502, 503].map(
    (status) => [String(status), echo(status)] as const,
  ),
  ['429 without a time', echo(429)],
  ['a reset', resetBeforeHeaders],
  ['a reset after the headers', resetAfterHeaders],
  ['half an answer', closeMidBody],
  ['no HTTP', notHttp],
  ['silence', hang],
  ['one byte at a time', slowLoris(20)],
  ['bytes without end', endless],
  ['what inflates to too much', gzipBomb(3_000_000)],
]
const nonsense: readonly (readonly [string, Respond])[] = [
  ['an error nobody knows', echo(200)],
  ['a web page', htmlReply(200)],
  ['half a JSON', bytesReply(200, Buffer.from('{"ok":tr'))],
  ['truncated gzip', truncatedGzip],
  ['no `ok`', jsonReply(200, {})],
]

describe.each(uses)('%s', (method, use, repeatable) => {
  test.each(unheard)('%s: Slack is unreachable', async (_what, respond) => {
    stand.fail(respond)
    const cause = await use().catch((thrown: unknown) => thrown)
    expect(String(cause)).toBe(`SlackFailed: slack ${method}: unreachable`)
    expect(stand.requests).toHaveLength(repeatable ? 2 : 1)
  })

  test.each(nonsense)('%s is not understood', async (_what, respond) => {
    stand.fail(respond)
    const cause = await use().catch((thrown: unknown) => thrown)
    expect(String(cause)).toBe(`SlackFailed: slack ${method}: not_understood`)
    expect(stand.requests).toHaveLength(1)
  })

  test('goes nowhere that a redirect leads', async () => {
    const elsewhere = await startStubUpstream()
    stand.fail(redirect(elsewhere.url.href, 307))
    await expect(use()).rejects.toThrow('unreachable')
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })
})

test('an answer of `ok` alone says neither where a message is nor who somebody is', async () => {
  stand.fail(jsonReply(200, { ok: true }))
  await expect(slack.post('C0PRIVACY', message)).rejects.toThrow('not_understood')
  await expect(slack.userInfo('U1')).rejects.toThrow('not_understood')
})
