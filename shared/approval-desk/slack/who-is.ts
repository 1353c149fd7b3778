import type { Voter } from '../../approval/grant.ts'
import type { PeopleSeen, SeenPerson } from '../../approval/people-seen.ts'
import type { SlackUser, SlackWeb } from '../../approval/slack-web.ts'
import { principalKey } from '../../identity/principal.ts'
import type { Clock } from '../../kernel/clock.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { KnownPerson } from '../../policy/approval-terms.ts'

/** Why nobody knows who pressed a button. */
export type WhoIsProblem =
  /** Policy names them twice. */
  | 'named-twice'
  /** A machine, somebody who left, a guest, or somebody of another workspace. */
  | 'no-member'
  | 'no-confirmed-email'
  /** Nobody with their address came to Sluice, or not lately. */
  | 'not-seen'
  /** Several accounts have their address. */
  | 'several'
  /** Policy says that this account is another Slack user's. */
  | 'account-of-another'

/** Who a Slack user is to an issuer that policy trusts. Rejects when nobody can say right now. */
export type WhoIs = (slackUser: string) => Promise<Result<Voter, WhoIsProblem>>

export interface WhoIsOptions {
  readonly people: readonly KnownPerson[]
  /** Id of the workspace. */
  readonly team: string
  readonly slack: Pick<SlackWeb, 'userInfo'>
  readonly peopleSeen: Pick<PeopleSeen, 'byEmail'>
  readonly clock: Clock
}

/** Groups change, and an address gets another owner: what an issuer said longer ago says nothing. */
const SEEN_WITHIN_MS = 12 * 60 * 60_000

/**
 * Whom policy names by their Slack id is that person. Anybody else is whoever came to Sluice with a token that has
 * the address which Slack confirmed: one member, one account, lately. Nothing that people write in their profile
 * counts.
 */
export function whoIs(options: WhoIsOptions): WhoIs {
  return async (slackUser) => {
    const named = options.people.filter((person) => person.slackUser === slackUser)
    if (named.length > 1) return err('named-twice')
    const [account] = named[0]?.accounts ?? []
    if (named[0] !== undefined && account !== undefined)
      return ok(voter(slackUser, { ...accountOf(account), groups: named[0].groups }, undefined))

    const user = await options.slack.userInfo(slackUser)
    if (!user.ok || !isMember(user.value, slackUser, options.team)) return err('no-member')
    const { email, emailConfirmed } = user.value
    if (email === undefined || !emailConfirmed) return err('no-confirmed-email')
    const seen = await options.peopleSeen.byEmail(email)
    const [person, second] = seen
    // Also when only one of them came lately: which of them it is, an address does not say.
    if (second !== undefined) return err('several')
    if (person === undefined || options.clock() - person.at > SEEN_WITHIN_MS) return err('not-seen')
    return isOfAnother(person, options.people)
      ? err('account-of-another')
      : ok(voter(slackUser, person, email))
  }
}

/** What to tell whoever pressed the button. */
export const whoIsWords: Readonly<Record<WhoIsProblem, string>> = {
  'named-twice': 'the policy names your Slack account twice; ask whoever keeps it to correct that',
  'no-member': 'only full members of this workspace can vote here; vote with `sluice approvals`',
  'no-confirmed-email':
    'Slack does not show Sluice a confirmed e-mail address of yours; vote with `sluice approvals`, or have the policy name your Slack account',
  'not-seen':
    'Sluice has not seen you for 12 hours; run `sluice approvals list` once, signed in with the e-mail address you have in Slack, and press the button again',
  several:
    'several accounts have your e-mail address; vote with `sluice approvals`, or have the policy name your Slack account',
  'account-of-another':
    'the policy says that the account with your e-mail address belongs to another Slack user; vote with `sluice approvals`',
}

function isMember(user: SlackUser, id: string, team: string): boolean {
  const { deleted, bot, guest, stranger } = user
  return user.id === id && user.team === team && !deleted && !bot && !guest && !stranger
}

function isOfAnother(person: SeenPerson, people: readonly KnownPerson[]): boolean {
  const account = principalKey(person)
  return people.some(
    ({ accounts, slackUser }) => slackUser !== undefined && accounts.includes(account),
  )
}

/** `principalKey` the other way: no issuer has a space in it. */
function accountOf(key: string): { readonly issuer: string; readonly subject: string } {
  const space = key.indexOf(' ')
  return { issuer: key.slice(0, space), subject: key.slice(space + 1) }
}

function voter(
  slackUser: string,
  { issuer, subject, groups }: Pick<SeenPerson, 'issuer' | 'subject' | 'groups'>,
  email: string | undefined,
): Voter {
  const facts = { issuer, subject, email, clientId: undefined, actors: [], groups }
  return { ...facts, channel: 'slack', proof: slackUser }
}
