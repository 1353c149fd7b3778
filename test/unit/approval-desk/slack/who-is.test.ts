import { expect, test } from 'vitest'

import { whoIs, whoIsWords } from '../../../../shared/approval-desk/slack/who-is.ts'
import type { SeenPerson } from '../../../../shared/approval/people-seen.ts'
import type { SlackUser } from '../../../../shared/approval/slack-web.ts'
import { err, ok } from '../../../../shared/kernel/result.ts'
import type { KnownPerson } from '../../../../shared/policy/approval-terms.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const HOUR = 3_600_000
const issuer = 'https://id.acme.example'

const member: SlackUser = {
  id: 'U1',
  team: 'T1',
  email: 'pia@acme.example',
  emailConfirmed: true,
  deleted: false,
  bot: false,
  guest: false,
  stranger: false,
}
const pia: SeenPerson = { issuer, subject: 'pia', groups: ['privacy-office'], at: NOW - HOUR }
const named: KnownPerson = {
  accounts: [`${issuer} with spaces`, `${issuer} other`],
  slackUser: 'U1',
  groups: ['g'],
}

interface Case {
  readonly user?: Partial<SlackUser>
  readonly seen?: readonly SeenPerson[]
  readonly people?: readonly KnownPerson[]
}

const asked: string[] = []
const ask = ({ user = {}, seen = [pia], people = [] }: Case) =>
  whoIs({
    people,
    team: 'T1',
    slack: { userInfo: async () => ok({ ...member, ...user }) },
    peopleSeen: {
      byEmail: async (email) => {
        asked.push(email)
        return seen
      },
    },
    clock: () => NOW,
  })('U1')

test('whom policy names is their first account, with the groups that policy says', async () => {
  expect(await ask({ people: [named], user: { emailConfirmed: false }, seen: [] })).toEqual(
    ok({
      issuer,
      subject: 'with spaces',
      email: undefined,
      clientId: undefined,
      actors: [],
      groups: ['g'],
      channel: 'slack',
      proof: 'U1',
    }),
  )
})

test('anybody else is whoever came with the address that Slack confirmed', async () => {
  expect(await ask({})).toMatchObject(
    ok({ issuer, subject: 'pia', groups: ['privacy-office'], proof: 'U1', channel: 'slack' }),
  )
  expect(asked.at(-1)).toBe('pia@acme.example')
  expect(await ask({ seen: [{ ...pia, at: NOW - 12 * HOUR }] })).toMatchObject({ ok: true })
})

test.each<[string, Case, keyof typeof whoIsWords]>([
  ['named by two entries', { people: [named, named] }, 'named-twice'],
  ['a bot', { user: { bot: true } }, 'no-member'],
  ['a guest', { user: { guest: true } }, 'no-member'],
  ['somebody who left', { user: { deleted: true } }, 'no-member'],
  ['a stranger', { user: { stranger: true } }, 'no-member'],
  ['of another workspace', { user: { team: 'T2' } }, 'no-member'],
  ['of no workspace', { user: { team: undefined } }, 'no-member'],
  ['another user than was asked for', { user: { id: 'U2' } }, 'no-member'],
  ['without an address', { user: { email: undefined } }, 'no-confirmed-email'],
  [
    'with an address they wrote themselves',
    { user: { emailConfirmed: false } },
    'no-confirmed-email',
  ],
  ['never seen', { seen: [] }, 'not-seen'],
  ['not seen for 12 hours', { seen: [{ ...pia, at: NOW - 12 * HOUR - 1 }] }, 'not-seen'],
  ['one of two with the address', { seen: [pia, { ...pia, subject: 'p2' }] }, 'several'],
  ['one of two, the other long ago', { seen: [pia, { ...pia, subject: 'p2', at: 0 }] }, 'several'],
  [
    'with the account of another Slack user',
    { people: [{ ...named, slackUser: 'U9', accounts: [`${issuer} pia`] }] },
    'account-of-another',
  ],
])('%s is nobody', async (_name, asking, problem) => {
  expect(await ask(asking)).toEqual(err(problem))
  expect(whoIsWords[problem]).toMatch(/vote with|policy|run `sluice/)
})
