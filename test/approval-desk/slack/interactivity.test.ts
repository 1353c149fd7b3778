import { createSecretKey } from 'node:crypto'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { foresee } from '../../../shared/approval-desk/slack/foresee.ts'
import type { Grant, GrantEvent } from '../../../shared/approval/grant.ts'
import type { VoteCast } from '../../../shared/approval/messages.ts'
import type { ApprovalTerms } from '../../../shared/policy/approval-terms.ts'
import { type SlackDesk, asked, piaIsSeen, slackDesk } from '../../support/slack-desk.ts'
import {
  ASKED_AT,
  DIGEST,
  GRANT,
  pia,
  privacyOffice,
  slackGrant,
} from '../../support/slack-grant.ts'
import { payloadBody, signedRequest } from '../../support/slack-payloads.ts'

const APPROVE = 'sluice_approve'
const DENY = 'sluice_deny'
const user = 'U0PIA'

const board: ApprovalTerms = {
  ...privacyOffice,
  approvers: { of: 'all', groups: [{ group: 'board', votes: 1 }] },
}
const denied: GrantEvent = { type: 'denied', at: ASKED_AT, by: pia, reason: 'no' }

let desk: SlackDesk

beforeEach(async () => {
  desk = await slackDesk()
  await piaIsSeen(desk)
  await asked(desk)
})
afterEach(() => desk.close())

const press = (action: string) =>
  desk.app.request(desk.stand.press(action, { user, now: desk.now }))
const submit = (reason: string) =>
  desk.app.request(
    desk.stand.submit({ sluice_reason: { sluice_reason_text: reason } }, { user, now: desk.now }),
  )

test('Approve becomes a vote of the person whose address Slack confirmed', async () => {
  const response = await press(APPROVE)
  expect([response.status, await response.text()]).toEqual([200, ''])
  const [vote] = desk.published
  expect(vote).toEqual({
    type: 'dev.sluice.approval.vote',
    id: vote?.vote.id ?? '',
    at: desk.now,
    grant: GRANT,
    vote: {
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      by: {
        issuer: 'https://id.acme.example',
        subject: 'pia',
        email: 'Pia@acme.example',
        clientId: undefined,
        actors: [],
        groups: ['privacy-office'],
        channel: 'slack',
        proof: 'U0PIA',
      },
      verdict: 'approve',
      reason: '',
      digest: DIGEST,
      box: undefined,
    },
  } satisfies VoteCast)
  expect(desk.published).toHaveLength(1)
  expect(desk.stand.whispers).toEqual([])
})

test('Deny asks for a reason, and only the reason makes it a vote', async () => {
  expect((await press(DENY)).status).toBe(200)
  expect(desk.stand.views).toHaveLength(1)
  expect(desk.published).toEqual([])
  const response = await submit('  use the monthly view ')
  expect([response.status, await response.text()]).toEqual([200, ''])
  expect(
    desk.published.map(({ grant, vote }) => [grant, vote.verdict, vote.reason, vote.digest]),
  ).toEqual([[GRANT, 'deny', 'use the monthly view', DIGEST]])
})

test.each(['', '  ', 'no', ' no '])('a reason of `%s` is none', async (reason) => {
  await press(DENY)
  const response = await submit(reason)
  expect(await response.json()).toMatchObject({
    response_action: 'errors',
    errors: { sluice_reason: expect.stringContaining('why not') },
  })
  expect(desk.published).toEqual([])
})

test('who presses twice votes twice; a message that comes again is the same vote', async () => {
  await press(APPROVE)
  await press(APPROVE)
  const [first, second] = desk.published
  expect(first?.id).not.toBe(second?.id)
  const again = await slackDesk()
  await piaIsSeen(again)
  await asked(again)
  const request = again.stand.press(APPROVE, { user, now: again.now })
  const copy = request.clone()
  await again.app.request(request)
  // Another instance, which has not seen the signature.
  const other = await slackDesk()
  await piaIsSeen(other)
  await asked(other)
  await other.app.request(copy)
  expect(other.published.map(({ id }) => id)).toEqual(again.published.map(({ id }) => id))
  await again.close()
  await other.close()
})

test('when the vote cannot be taken down, whoever voted hears of it', async () => {
  desk.publishing = () => Promise.reject(new Error('no queue'))
  expect((await press(APPROVE)).status).toBe(200)
  expect(desk.stand.whispers).toEqual([
    { channel: 'C0PRIVACY', user, text: expect.stringContaining('vote again') },
  ])
  await press(DENY)
  expect(await (await submit('use the view')).json()).toMatchObject({
    response_action: 'errors',
    errors: { sluice_reason: expect.stringContaining('vote again') },
  })
  expect(desk.failures.map(String)).toEqual(['Error: no queue', 'Error: no queue'])
})

test('Slack has its answer within 3 s, however long the vote takes', async () => {
  desk.publishing = () => new Promise(() => {})
  const start = performance.now()
  await press(APPROVE)
  expect(performance.now() - start).toBeLessThan(3000)
  expect(desk.stand.whispers[0]?.text).toContain('vote again')
})

test('when nobody can be told either, Slack says that it did not work', async () => {
  desk.publishing = () => Promise.reject(new Error('no queue'))
  desk.stand.failNext('chat.postEphemeral', { error: 'channel_not_found' })
  expect((await press(APPROVE)).status).toBe(500)
})

test('when Slack cannot say who it is, nothing is published', async () => {
  desk.stand.failNext('users.info', { status: 503, times: 9 })
  await press(APPROVE)
  expect(desk.published).toEqual([])
  expect(desk.stand.whispers).toHaveLength(1)
})

test('a form that could not be shown is said to be missing', async () => {
  desk.stand.failNext('views.open', { error: 'expired_trigger_id' })
  expect((await press(DENY)).status).toBe(200)
  expect(desk.stand.whispers[0]?.text).toContain('press Deny again')
})

test('Slack’s own example of a signature is believed', async () => {
  // https://docs.slack.dev/authentication/verifying-requests-from-slack
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  const headers = {
    'x-slack-request-timestamp': '1531420618',
    'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  }
  desk.now = 1_531_420_620_000
  const send = () => desk.app.request('/slack/interactivity', { method: 'POST', headers, body })
  // It is no interaction, but it is Slack's.
  expect([(await send()).status, desk.refused]).toEqual([400, ['malformed']])
  expect([(await send()).status, desk.refused.at(-1)]).toEqual([401, 'replayed'])
})

test.each([
  ['no payload', 'a=b'],
  ['two payloads', 'payload=%7B%7D&payload=%7B%7D'],
  ['no JSON', 'payload=%7B'],
  ['another type', payloadBody({ type: 'shortcut' })],
  ['a number', payloadBody(1)],
])('%s is refused', async (_name, body) => {
  const response = await desk.app.request(signedRequest(body, desk.now))
  expect([response.status, desk.refused]).toEqual([400, ['malformed']])
})

test('a secret can be replaced while both are good', async () => {
  const secrets = ['a-new-secret-of-the-app', 'an-old-secret-of-the-app']
  const signingSecrets = secrets.map((secret) => createSecretKey(Buffer.from(secret)))
  const other = await slackDesk([], {}, { signingSecrets })
  for (const secret of secrets)
    expect((await other.app.request(signedRequest('a=b', other.now, secret))).status).toBe(400)
  expect(
    (await other.app.request(signedRequest('a=b', other.now, 'a-third-secret-xx'))).status,
  ).toBe(401)
  await other.close()
  await expect(slackDesk([], {}, { signingSecrets: [] })).rejects.toThrow('missing or too short')
})

test.each<[string, () => Grant, string]>([
  ['of whoever asked', () => slackGrant({ principal: { subject: 'pia' } }), 'your own request'],
  ['on what is denied', () => slackGrant({}, denied), 'denied, and that is final'],
  ['of no approver', () => slackGrant({ terms: [board] }), 'none of the groups'],
])(
  'a vote %s is on the record, and whoever cast it hears that it does not count',
  async (_name, grant, words) => {
    desk.grants.set(GRANT, grant())
    await press(APPROVE)
    expect(desk.published).toHaveLength(1)
    expect(desk.stand.whispers).toMatchObject([{ user, text: expect.stringContaining(words) }])
  },
)

test('a vote that comes too late is told so', async () => {
  desk.now += 3_600_001
  await piaIsSeen(desk)
  await press(APPROVE)
  expect(desk.stand.whispers[0]?.text).toContain('expired')
})

test('a no that does not count is told so in the form', async () => {
  await press(DENY)
  desk.grants.set(GRANT, slackGrant({ terms: [board] }))
  expect(await (await submit('use the view')).json()).toMatchObject({
    errors: { sluice_reason: expect.stringContaining('none of the groups') },
  })
})

const noStore = () => Promise.reject(new Error('no store'))

test('a vote is taken down also while nobody can say what will come of it', async () => {
  const { peopleSeen } = desk
  const blind = foresee({ find: noStore, people: [], peopleSeen, clock: () => desk.now })
  const other = await slackDesk([], {}, { foresee: blind })
  await piaIsSeen(other)
  await asked(other)
  await other.app.request(other.stand.press(APPROVE, { user, now: other.now }))
  expect([other.published.length, other.stand.whispers]).toEqual([1, []])
  await other.close()
})

test('a trigger that is too old shows no form', async () => {
  const other = await slackDesk([], { triggerLastsMs: 0 })
  await asked(other)
  await other.app.request(other.stand.press(DENY, { user, now: other.now }))
  expect([other.stand.views, other.stand.whispers.length]).toEqual([[], 1])
  await other.close()
})
