import { afterEach, beforeEach, expect, test } from 'vitest'

import type { Grant, GrantEvent } from '../../../shared/approval/grant.ts'
import { type SlackDesk, slackDesk } from '../../support/slack-desk.ts'
import {
  ASKED_AT,
  GRANT,
  pia,
  piasVote,
  privacyOffice,
  slackGrant,
} from '../../support/slack-grant.ts'

let desk: SlackDesk

beforeEach(async () => {
  desk = await slackDesk()
})
afterEach(() => desk.close())

const at = ASKED_AT + 1000
const denied: readonly GrantEvent[] = [
  { type: 'voted', at, vote: piasVote('deny', 'use the view') },
  { type: 'denied', at, by: pia, reason: 'use the view' },
]

/** Puts a grant in the store, as whoever changed it did. */
function stored(...events: readonly GrantEvent[]): Grant {
  const grant = slackGrant({}, ...events)
  desk.grants.set(GRANT, grant)
  return grant
}

const posts = () => desk.stand.asked.filter(({ method }) => method === 'chat.postMessage')
const shown = () => JSON.stringify(desk.stand.messages.map(({ blocks }) => blocks))

test('however often and however many at once tell it, it is asked once', async () => {
  const grant = stored()
  const told = await Promise.allSettled([
    desk.announce.tell(grant, 'asked'),
    desk.announce.tell(grant, 'asked'),
    desk.announce.tell(grant, 'asked'),
  ])
  // Those that did not post come back, in case the one that does dies.
  expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await desk.announce.tell(grant, 'asked')
  expect(desk.stand.messages.map(({ channel }) => channel)).toEqual(['C0PRIVACY'])
  expect(posts()).toHaveLength(1)
})

test('every channel of the terms is told, an escalation where it goes, each reminder once', async () => {
  const security = {
    ...privacyOffice,
    id: 'other',
    slackChannel: 'security',
    escalation: undefined,
  }
  const silent = { ...privacyOffice, id: 'silent', slackChannel: undefined, escalation: undefined }
  const grant = { ...slackGrant({ terms: [privacyOffice, security, silent, privacyOffice] }) }
  desk.grants.set(GRANT, grant)
  await desk.announce.tell(grant, 'asked')
  const channels = () => desk.stand.messages.map(({ channel }) => channel).toSorted()
  expect(channels()).toEqual(['C0PRIVACY', 'C0SECURITY'])
  const reminded = { ...slackGrant({}, { type: 'reminded', at }, { type: 'escalated', at }) }
  desk.grants.set(GRANT, reminded)
  await desk.announce.tell(reminded, 'reminder')
  await desk.announce.tell(reminded, 'reminder')
  expect(desk.stand.messages).toHaveLength(3)
  await desk.announce.tell(reminded, 'escalation')
  expect(channels()).toEqual(['C0PRIVACY', 'C0PRIVACY', 'C0SECURITY', 'C0SECURITY'])
})

test('once it is settled every message says so and has no buttons, also when that is said twice', async () => {
  await desk.announce.tell(stored(), 'asked')
  await desk.announce.tell(stored({ type: 'reminded', at }), 'reminder')
  expect(shown().split('sluice_approve')).toHaveLength(3)
  const grant = stored({ type: 'reminded', at }, ...denied)
  await desk.announce.settled(grant)
  await desk.announce.settled(grant)
  expect(desk.stand.messages).toHaveLength(2)
  expect(shown()).not.toContain('sluice_approve')
  expect(shown().split('Denied: ana@acme.example')).toHaveLength(3)
})

test('what is settled before anybody was asked is asked of nobody', async () => {
  const grant = slackGrant()
  await desk.announce.settled(stored(...denied))
  await desk.announce.tell(grant, 'asked')
  await desk.announce.tell(grant, 'reminder')
  await desk.announce.tell(grant, 'escalation')
  expect(desk.stand.messages).toEqual([])
})

test('what is settled while it is being posted ends up settled', async () => {
  const grant = stored()
  const telling = desk.announce.tell(grant, 'asked')
  const settled = stored(...denied)
  await desk.announce.settled(settled)
  await telling
  expect(shown()).not.toContain('sluice_approve')
})

test('the last event wins, whoever writes last', async () => {
  await desk.announce.tell(stored(), 'asked')
  const first = stored({ type: 'approved', at, until: at + 1000, box: undefined })
  const both = [desk.announce.settled(first)]
  const approved = first.events.at(-1)
  if (approved === undefined) throw new Error('no event')
  both.push(
    desk.announce.settled(stored(approved, { type: 'starting', at }, { type: 'started', at })),
  )
  await Promise.all(both)
  expect(shown()).toContain('Approved and started')
})

test('the alert stays until somebody has reviewed it', async () => {
  const broke = { type: 'broke-glass', at, justification: 'patient in danger' } as const
  const grant = stored(broke)
  await desk.announce.tell(grant, 'broke-glass')
  await desk.announce.settled(grant)
  expect(shown()).toContain('close the review')
  await desk.announce.settled(
    stored(broke, { type: 'reviewed', at, by: pia, finding: 'justified' }),
  )
  expect(shown()).not.toContain('close the review')
  expect(shown()).toContain('Broken glass, reviewed')
})

test('what could not be posted is posted when it is told again', async () => {
  desk.stand.failNext('chat.postMessage', { error: 'is_archived' })
  await expect(desk.announce.tell(stored(), 'asked')).rejects.toThrow(
    'name another one in the policy',
  )
  await desk.announce.tell(slackGrant(), 'asked')
  expect(desk.stand.messages).toHaveLength(1)
})

test('one channel that cannot be told does not keep it from the others', async () => {
  const terms = [{ ...privacyOffice, slackChannel: 'C0GONE' }, privacyOffice]
  const grant = slackGrant({ terms })
  await expect(desk.announce.tell(grant, 'asked')).rejects.toThrow('invite it')
  expect(desk.stand.messages.map(({ channel }) => channel)).toEqual(['C0PRIVACY'])
})

test('a message that somebody deleted is no reason to try for ever', async () => {
  await desk.announce.tell(stored(), 'asked')
  desk.stand.messages.length = 0
  await expect(desk.announce.settled(stored(...denied))).resolves.toBeUndefined()
})
