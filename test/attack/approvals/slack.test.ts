import { type Server, createServer } from 'node:http'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { castVote } from '../../../shared/approval/cast-vote.ts'
import { parseGrantId } from '../../../shared/approval/grant-id.ts'
import { guarantee } from '../../support/guarantee.ts'
import { type SlackDesk, asked, piaIsSeen, slackDesk } from '../../support/slack-desk.ts'
import { DIGEST, GRANT, pia, slackGrant } from '../../support/slack-grant.ts'
import { signedRequest } from '../../support/slack-payloads.ts'

type Fields = Record<string, unknown>

const APPROVE = 'sluice_approve'
const DENY = 'sluice_deny'
const user = 'U0PIA'

let desk: SlackDesk

beforeEach(async () => {
  desk = await slackDesk()
  await piaIsSeen(desk)
  await asked(desk)
})
afterEach(() => desk.close())

const press = (change?: (payload: Fields) => Fields, by = user) =>
  desk.stand.press(APPROVE, { user: by, now: desk.now }, change)

/** Sends it, and says how it was answered; nothing was published, and Slack was asked nothing. */
async function refused(request: Request): Promise<readonly [number, string | undefined]> {
  const calls = desk.stand.asked.length
  const { status } = await desk.app.request(request)
  expect(desk.published).toEqual([])
  expect(desk.stand.asked).toHaveLength(calls)
  return [status, desk.refused.at(-1)]
}

async function changed(
  request: Request,
  headers: Readonly<Record<string, string | undefined>>,
  body?: (was: string) => string,
): Promise<Request> {
  const was = await request.text()
  const all = new Headers(request.headers)
  for (const [name, value] of Object.entries(headers))
    if (value === undefined) all.delete(name)
    else all.set(name, value)
  return new Request(request.url, { method: 'POST', headers: all, body: body?.(was) ?? was })
}

guarantee('slack-proved', async () => {
  // It is believed as it is.
  expect((await desk.app.request(press())).status).toBe(200)
  expect(desk.published).toHaveLength(1)
  desk.published.length = 0

  const again = press()
  await desk.app.request(again.clone())
  desk.published.length = 0
  expect(await refused(again)).toEqual([401, 'replayed'])
  expect(await refused(await changed(press(), { 'x-slack-signature': undefined }))).toEqual([
    401,
    'not-signed',
  ])
  expect(await refused(await changed(press(), { 'x-slack-request-timestamp': undefined }))).toEqual(
    [401, 'not-signed'],
  )
  expect(await refused(await changed(press(), {}, (body) => `${body}&a=b`))).toEqual([
    401,
    'signature-wrong',
  ])
  expect(
    await refused(await changed(press(), {}, (body) => body.replace('U0PIA', 'U0EVE'))),
  ).toEqual([401, 'signature-wrong'])
})

describe('B51 signatures', () => {
  test.each([
    ['empty', ''],
    ['of another scheme', `v1=${'0'.repeat(64)}`],
    ['too short', 'v0=00'],
    ['in capitals', `v0=${'A'.repeat(64)}`],
    ['of nobody', `v0=${'0'.repeat(64)}`],
  ])('one that is %s is none', async (_name, signature) => {
    const [status] = await refused(await changed(press(), { 'x-slack-signature': signature }))
    expect(status).toBe(401)
  })

  test.each([-301_000, 302_000])('one of %d ms from now is stale', async (off) => {
    const late = desk.stand.press(APPROVE, { user, now: desk.now + off })
    expect(await refused(late)).toEqual([401, 'stale'])
  })

  test.each(['', 'now', '-1', '1e9', '0x6', '99999999999999999999', 'Infinity'])(
    'a timestamp of `%s` is none',
    async (timestamp) => {
      const headers = { 'x-slack-request-timestamp': timestamp }
      expect((await refused(await changed(press(), headers)))[0]).toBe(401)
    },
  )

  test('a fresh timestamp does not make an old signature fresh', async () => {
    const old = desk.stand.press(APPROVE, { user, now: desk.now - 3_600_000 })
    const headers = { 'x-slack-request-timestamp': String(Math.floor(desk.now / 1000)) }
    expect(await refused(await changed(old, headers))).toEqual([401, 'signature-wrong'])
  })

  test('one of another app is none', async () => {
    const body = await press().text()
    expect(await refused(signedRequest(body, desk.now, 'another-signing-secret'))).toEqual([
      401,
      'signature-wrong',
    ])
  })

  test('it is remembered for as long as it is good', async () => {
    const ahead = desk.stand.press(APPROVE, { user, now: desk.now + 299_000 })
    await desk.app.request(ahead.clone())
    desk.published.length = 0
    desk.now += 598_000
    expect(await refused(ahead)).toEqual([401, 'replayed'])
  })

  test('a body that two readers could read in two ways is refused', async () => {
    const body = await press().text()
    for (const more of ['&payload=%7B%7D', '&a=b'])
      // oxlint-disable-next-line no-await-in-loop
      expect(await refused(signedRequest(`${body}${more}`, desk.now))).toEqual([400, 'malformed'])
  })

  test('a body without end is not read to its end', async () => {
    expect((await refused(signedRequest('a'.repeat(300_000), desk.now)))[0]).toBe(413)
  })
})

describe('B51 where it comes from', () => {
  test.each<[string, (payload: Fields) => Fields]>([
    ['another workspace', (p) => ({ ...p, team: { id: 'T0EVIL', domain: 'acme' } })],
    ['no workspace', (p) => ({ ...p, team: null })],
    ['an installation for an organisation', (p) => ({ ...p, is_enterprise_install: true })],
    ['another app', (p) => ({ ...p, api_app_id: 'A0EVIL' })],
    ['a member of another workspace', (p) => ({ ...p, user: { id: user, team_id: 'T0EVIL' } })],
  ])('%s is refused', async (_name, change) => {
    expect(await refused(press(change))).toEqual([403, 'other-workspace'])
  })

  test('a form of another app or workspace is refused', async () => {
    await desk.app.request(desk.stand.press(DENY, { user, now: desk.now }))
    const values = { sluice_reason: { sluice_reason_text: 'because' } }
    for (const other of [{ app_id: 'A0EVIL' }, { team_id: 'T0EVIL' }]) {
      const change = (p: Fields) => ({ ...p, view: { ...(p['view'] as Fields), ...other } })
      const request = desk.stand.submit(values, { user, now: desk.now }, change)
      // oxlint-disable-next-line no-await-in-loop
      expect(await refused(request)).toEqual([403, 'other-workspace'])
    }
  })
})

/** Changes every action of a payload. */
const acted = (change: Fields) => (payload: Fields) => ({
  ...payload,
  actions: (payload['actions'] as readonly Fields[]).map((action) => ({ ...action, ...change })),
})

const valued = (value: unknown) => acted({ value })

const twice = (payload: Fields) => ({
  ...payload,
  actions: [payload['actions'], payload['actions']].flat(),
})

describe('B51 what a button says', () => {
  test.each([
    ['nothing', undefined],
    ['no JSON', 'approve'],
    ['more than it may', JSON.stringify({ grant: GRANT, digest: DIGEST, verdict: 'approve' })],
    ['another kind of id', JSON.stringify({ grant: '../x', digest: DIGEST })],
    ['no digest', JSON.stringify({ grant: GRANT, digest: '' })],
    ['a prototype', `{"__proto__":{},"grant":"${GRANT}","digest":"${DIGEST}"}`],
  ])('%s is refused', async (_name, value) => {
    expect((await refused(press(valued(value))))[0]).toBe(400)
  })

  test('two actions at once, or one that is not offered, are refused', async () => {
    expect(await refused(press(twice))).toEqual([400, 'malformed'])
    const other = acted({ action_id: 'x' })
    expect(await refused(press(other))).toEqual([400, 'not-offered'])
  })

  test('a vote is for the digest that was shown; of another digest it counts for nothing', async () => {
    const swapped = 'b'.repeat(64)
    await desk.app.request(press(valued(JSON.stringify({ grant: GRANT, digest: swapped }))))
    const [cast] = desk.published
    expect([cast?.grant, cast?.vote.digest]).toEqual([GRANT, swapped])
    if (cast === undefined) throw new Error('no vote')
    const electorate = { people: [], groupsNow: () => pia.groups }
    expect(castVote(slackGrant(), cast.vote, electorate, desk.now)).toMatchObject({ ok: false })
    // The same vote for what was shown would count.
    const honest = { ...cast.vote, digest: DIGEST }
    expect(castVote(slackGrant(), honest, electorate, desk.now)).toMatchObject({ ok: true })
  })

  test('a vote for another grant is a vote for that one, and for the digest that was shown', async () => {
    const other = parseGrantId('z'.repeat(26))
    if (other === undefined) throw new Error('no id')
    const press2 = () => press(valued(JSON.stringify({ grant: other, digest: DIGEST })))
    await desk.app.request(press2())
    expect(desk.published).toEqual([])
    expect(desk.stand.whispers.at(-1)?.text).toContain('no such request')
    desk.grants.set(other, { ...slackGrant(), id: other, digest: 'c'.repeat(64) })
    await desk.app.request(press2())
    expect(desk.published.map(({ grant, vote }) => [grant, vote.digest])).toEqual([[other, DIGEST]])
    expect(desk.stand.whispers.at(-1)?.text).toContain('not what would run')
  })
})

guarantee('voter-vouched-for', async () => {
  // Everything that people can write into a profile says that they are Pia.
  const profile = {
    email: 'pia@acme.example',
    display_name: 'pia',
    real_name: 'pia@acme.example',
    fields: { Xf1: { value: 'pia', label: 'sluice subject' } },
    title: 'privacy-office',
  }
  const impostors: Readonly<Record<string, Fields>> = {
    U0UNCONFIRMED: { profile, is_email_confirmed: false },
    U0GUEST: { profile, is_restricted: true },
    U0GUEST1: { profile, is_ultra_restricted: true },
    U0BOT: { profile, is_bot: true },
    U0GONE: { profile, deleted: true },
    U0STRANGER: { profile, is_stranger: true },
    U0OTHER: { profile, team_id: 'T0EVIL' },
    U0WRITTEN: { profile: { ...profile, email: 'eve@acme.example' } },
    U0NOMAIL: { profile: { ...profile, email: undefined } },
  }
  for (const [id, fields] of Object.entries(impostors)) {
    desk.stand.users.set(id, fields)
    // oxlint-disable-next-line no-await-in-loop
    const { status } = await desk.app.request(press(undefined, id))
    expect([id, status, desk.published]).toEqual([id, 200, []])
    expect(desk.stand.whispers.at(-1)).toMatchObject({
      user: id,
      text: expect.stringContaining('does not count'),
    })
  }
  await desk.app.request(press(undefined, 'U0UNKNOWN'))
  expect(desk.published).toEqual([])
})

const voted = async () => {
  await desk.app.request(press())
  return desk.published.length
}

describe('B52 addresses', () => {
  test('one that two people have says who neither is', async () => {
    const issuer = 'https://other.example'
    const twin = { issuer, subject: 'eve', groups: ['privacy-office'], actors: [] }
    await desk.peopleSeen.saw({ ...twin, email: 'pia@acme.example' }, desk.now)
    expect(await voted()).toBe(0)
    expect(desk.stand.whispers.at(-1)?.text).toContain('several accounts')
  })

  test('one that was seen long ago says nothing', async () => {
    desk.now += 12 * 3_600_000
    expect(await voted()).toBe(0)
    expect(desk.stand.whispers.at(-1)?.text).toContain('sluice approvals list')
  })

  test('one that its issuer gave to somebody else is theirs', async () => {
    const issuer = 'https://id.acme.example'
    const saw = (subject: string, email: string) =>
      desk.peopleSeen.saw({ issuer, subject, groups: [], actors: [], email }, desk.now + 1)
    await saw('pia', 'pia.married@acme.example')
    await saw('new', 'pia@acme.example')
    expect(await voted()).toBe(1)
    expect(desk.published[0]?.vote.by).toMatchObject({ subject: 'new', groups: [] })
  })
})

test('B51 the URL that a payload says to answer to is never called', async () => {
  const calls: string[] = []
  const trap: Server = createServer((request, response) => {
    calls.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', () => resolve()))
  const address = trap.address()
  const responseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/latest/meta-data`
  const other = await slackDesk([], { responseUrl })
  await piaIsSeen(other)
  await asked(other)
  await other.app.request(other.stand.press(APPROVE, { user, now: other.now }))
  other.publishing = () => Promise.reject(new Error('no queue'))
  await other.app.request(other.stand.press(APPROVE, { user, now: other.now }))
  await other.app.request(other.stand.press(DENY, { user, now: other.now }))
  await other.app.request(other.stand.press(APPROVE, { user: 'U0EVE', now: other.now }))
  expect([other.published.length, other.stand.whispers.length, other.stand.views.length]).toEqual([
    1, 2, 1,
  ])
  expect(calls).toEqual([])
  await other.close()
  await new Promise((resolve) => trap.close(resolve))
})
