import { describe, expect, test } from 'vitest'

import { castVote, hasVote } from '../../../shared/approval/cast-vote.ts'
import type { Electorate } from '../../../shared/approval/counted-votes.ts'
import type { Grant, GrantEvent, Vote, Voter } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import type { ApprovalTerms } from '../../../shared/policy/approval-terms.ts'
import {
  ASKED_AT,
  HOUR,
  MINUTE,
  sampleGrant,
  sampleTerms,
  sampleVote,
  sampleVoter,
  withEvents,
} from '../../support/sample-grant.ts'

const AT = ASKED_AT + MINUTE
const paul = sampleVoter('paul')
const petra = sampleVoter('petra')
const pia = sampleVoter('pia')

/** Groups are as they were at the vote. */
const unchanged: Electorate = { people: [], groupsNow: ({ groups }) => groups }

function eventsOf(
  grant: Grant,
  vote: Vote,
  electorate = unchanged,
  at = AT,
): readonly GrantEvent[] {
  const cast = castVote(grant, vote, electorate, at)
  if (!cast.ok) throw new Error(cast.error.problem)
  return cast.value
}

const typesOf = (...given: Parameters<typeof eventsOf>) =>
  eventsOf(...given).map(({ type }) => type)

const after = (grant: Grant, ...votes: readonly Vote[]) =>
  votes.reduce((so, vote) => withEvents(so, eventsOf(so, vote)), grant)

const problemOf = (grant: Grant, vote: Vote, electorate = unchanged, at = AT) => {
  const cast = castVote(grant, vote, electorate, at)
  return cast.ok ? undefined : cast.error.problem
}

const grantFor = (...terms: readonly Partial<ApprovalTerms>[]) =>
  sampleGrant({ terms: terms.map((change) => sampleTerms(change)) })

const two = { approvers: { of: 'any', groups: [{ group: 'privacy-office', votes: 2 }] } } as const
const no = (grant: Grant, by: Voter) =>
  sampleVote(grant, by, { id: `no of ${by.subject}`, verdict: 'deny', reason: 'too much' })

describe('yes', () => {
  test('enough of them approve, for as long as the strictest terms say', () => {
    const grant = grantFor({}, { id: 'other', useWithinMs: 5 * MINUTE })
    expect(eventsOf(grant, sampleVote(grant))).toEqual([
      { type: 'voted', at: AT, vote: sampleVote(grant) },
      { type: 'approved', at: AT, until: AT + 5 * MINUTE, box: undefined },
    ])
  })

  test('too few wait for more', () => {
    const grant = grantFor(two)
    expect(typesOf(grant, sampleVote(grant, paul))).toEqual(['voted'])
    const one = after(grant, sampleVote(grant, paul))
    expect(standingOf(one).state).toBe('approval-awaited')
    expect(typesOf(one, sampleVote(one, petra))).toEqual(['voted', 'approved'])
  })

  test('the same vote again changes nothing, whatever has happened since', () => {
    const grant = grantFor(two)
    const vote = sampleVote(grant, paul)
    const one = after(grant, vote)
    expect(eventsOf(one, vote)).toEqual([])
    expect(hasVote(one, vote.id)).toBe(true)
    const denied = after(one, no(grant, petra))
    expect(eventsOf(denied, vote)).toEqual([])
    expect(eventsOf(denied, vote, unchanged, ASKED_AT + 2 * HOUR)).toEqual([])
  })

  test('nobody counts twice: not by voting again, by another account, or by Slack and the web', () => {
    const grant = grantFor(two)
    const one = after(grant, sampleVote(grant, paul))
    const again = sampleVote(grant, paul, { id: 'again' })
    const bySlack = sampleVote(grant, { ...paul, channel: 'slack', proof: 'U1' }, { id: 'slack' })
    const byAddress = sampleVote(
      grant,
      sampleVoter('p2', { issuer: 'https://other.example', email: 'PAUL@acme.example' }),
    )
    for (const vote of [again, bySlack, byAddress])
      expect(problemOf(one, vote)).toBe('voted-already')
    const people = [
      {
        accounts: ['https://id.example paul', 'https://id.example p3'],
        slackUser: undefined,
        groups: [],
      },
    ]
    expect(problemOf(one, sampleVote(grant, sampleVoter('p3')), { ...unchanged, people })).toBe(
      'voted-already',
    )
  })

  test('who turns out to be one person by the time of the count counts once', () => {
    const three = {
      approvers: { of: 'any', groups: [{ group: 'privacy-office', votes: 3 }] },
    } as const
    const grant = grantFor(three)
    const both = after(grant, sampleVote(grant, paul), sampleVote(grant, petra))
    const people = [
      {
        accounts: ['https://id.example paul', 'https://id.example petra'],
        slackUser: undefined,
        groups: [],
      },
    ]
    expect(typesOf(both, sampleVote(grant, pia), { ...unchanged, people })).toEqual(['voted'])
    expect(typesOf(both, sampleVote(grant, pia))).toEqual(['voted', 'approved'])
  })

  test('who turns out to be the requester by then does not count', () => {
    const grant = grantFor(two)
    const one = after(grant, sampleVote(grant, paul))
    const people = [
      {
        accounts: ['https://id.example paul', 'https://id.example ana'],
        slackUser: undefined,
        groups: [],
      },
    ]
    expect(typesOf(one, sampleVote(grant, petra), { ...unchanged, people })).toEqual(['voted'])
  })

  test.each<[string, Electorate['groupsNow'], boolean]>([
    ['are still in it', ({ groups }) => groups, true],
    [
      'were taken out of it since',
      ({ subject, groups }) => (subject === 'paul' ? ['analysts'] : groups),
      false,
    ],
    [
      'are not known any more',
      ({ subject, groups }) => (subject === 'paul' ? undefined : groups),
      false,
    ],
  ])('earlier voters count when they %s', (_, groupsNow, counts) => {
    const grant = grantFor(two)
    const one = after(grant, sampleVote(grant, paul))
    const types = typesOf(one, sampleVote(grant, petra), { people: [], groupsNow })
    expect(types).toEqual(counts ? ['voted', 'approved'] : ['voted'])
  })

  test('a group that somebody joined after voting does not count', () => {
    const grant = grantFor({
      approvers: {
        of: 'all',
        groups: [
          { group: 'privacy-office', votes: 1 },
          { group: 'security', votes: 1 },
        ],
      },
    })
    const one = after(grant, sampleVote(grant, paul))
    expect(
      typesOf(one, sampleVote(grant, petra), {
        people: [],
        groupsNow: () => ['privacy-office', 'security'],
      }),
    ).toEqual(['voted'])
  })

  test('whoever votes now was in their groups a moment ago, unless somebody knows better', () => {
    const grant = grantFor({})
    const unknown = { people: [], groupsNow: () => undefined }
    expect(typesOf(grant, sampleVote(grant), unknown)).toEqual(['voted', 'approved'])
    expect(typesOf(grant, sampleVote(grant), { people: [], groupsNow: () => [] })).toEqual([
      'voted',
    ])
  })

  test('each of several terms is met by itself, and one person may serve in several', () => {
    const security = { of: 'any', groups: [{ group: 'security', votes: 1 }] } as const
    const grant = grantFor({}, { id: 'security', approvers: security })
    expect(typesOf(grant, sampleVote(grant, paul))).toEqual(['voted'])
    const both = sampleVoter('sven', { groups: ['privacy-office', 'security'] })
    expect(typesOf(grant, sampleVote(grant, both))).toEqual(['voted', 'approved'])
  })

  test('a machine counts only for the terms that name it', () => {
    const bot = sampleVoter('bot', { clientId: 'bot', email: undefined })
    const grant = grantFor({ machines: ['https://id.example bot'] }, { id: 'people' })
    const one = after(grant, sampleVote(grant, bot))
    expect(standingOf(one).state).toBe('approval-awaited')
    expect(typesOf(one, sampleVote(grant, paul))).toEqual(['voted', 'approved'])
  })

  test('a yes counts for the terms whose hours it came in', () => {
    const morning = { timeZone: 'UTC', days: [6], fromMinute: 0, untilMinute: 12 * 60 + 30 }
    const afternoon = { ...morning, fromMinute: 12 * 60 + 30, untilMinute: 0 }
    const grant = grantFor({ hours: morning }, { id: 'later', hours: afternoon })
    const one = after(grant, sampleVote(grant, paul))
    expect(standingOf(one).state).toBe('approval-awaited')
    const later = ASKED_AT + 40 * MINUTE
    expect(typesOf(one, sampleVote(grant, petra), unchanged, later)).toEqual(['voted', 'approved'])
    expect(typesOf(grant, sampleVote(grant, petra), unchanged, later)).toEqual(['voted'])
  })

  test('on escalation somebody on duty fills a place', () => {
    const escalation = { afterMs: 10 * MINUTE, group: 'duty', slackChannel: undefined }
    const grant = grantFor({ ...two, escalation })
    const one = after(grant, sampleVote(grant, paul))
    const dora = sampleVote(grant, sampleVoter('dora', { groups: ['duty'] }))
    expect(problemOf(one, dora)).toBe('not-yet')
    expect(typesOf(one, dora, unchanged, ASKED_AT + 10 * MINUTE)).toEqual(['voted', 'approved'])
  })

  test('a grant that nobody was to approve is never approved', () => {
    const grant = sampleGrant({ terms: [] })
    expect(castVote(grant, sampleVote(grant), unchanged, AT)).toMatchObject({
      ok: true,
      value: [{ type: 'voted' }],
    })
  })
})

describe('no', () => {
  test('is final, with its reason, whoever said yes before and after', () => {
    const grant = grantFor(two)
    const one = after(grant, sampleVote(grant, paul))
    const vote = no(grant, petra)
    expect(eventsOf(one, vote)).toEqual([
      { type: 'voted', at: AT, vote },
      { type: 'denied', at: AT, by: petra, reason: 'too much' },
    ])
    const denied = after(one, vote)
    expect(problemOf(denied, sampleVote(grant, pia))).toBe('over')
    expect(problemOf(denied, no(grant, pia))).toBe('over')
    expect(standingOf(denied).state).toBe('denied')
  })

  test('may come from who said yes', () => {
    const grant = grantFor(two)
    const one = after(grant, sampleVote(grant, paul))
    expect(typesOf(one, no(grant, paul))).toEqual(['voted', 'denied'])
    expect(standingOf(after(one, no(grant, paul))).votes).toMatchObject([{ verdict: 'deny' }])
  })

  test('needs a reason, and somebody who may vote', () => {
    const grant = grantFor({})
    expect(problemOf(grant, { ...no(grant, paul), reason: ' \n' })).toBe('reason-missing')
    expect(problemOf(grant, no(grant, sampleVoter('eve', { groups: [] })))).toBe('no-approver')
    expect(problemOf(grant, no(grant, sampleVoter('ana')))).toBe('own-request')
  })

  test.each<[string, readonly GrantEvent[]]>([
    ['before the start', []],
    ['while it starts', [{ type: 'starting', at: AT }]],
    [
      'after the start',
      [
        { type: 'starting', at: AT },
        { type: 'started', at: AT },
      ],
    ],
  ])('takes an approval back %s', (_, events) => {
    const grant = grantFor({})
    const approved = withEvents(after(grant, sampleVote(grant, paul)), events)
    expect(typesOf(approved, no(grant, petra))).toEqual(['voted', 'revoked'])
    expect(standingOf(after(approved, no(grant, petra))).state).toBe('revoked')
  })

  test('comes too late for what was taken back or never started', () => {
    const grant = grantFor({})
    const approved = after(grant, sampleVote(grant, paul))
    const others: readonly GrantEvent[] = [
      { type: 'cancelled', at: AT },
      { type: 'not-started', at: AT, reason: 'x' },
    ]
    for (const event of others)
      expect(problemOf(withEvents(approved, [event]), no(grant, petra))).toBe('over')
  })
})

describe('in time', () => {
  test('a vote that comes too late makes it expire, and is not counted', () => {
    const grant = grantFor({})
    const late = ASKED_AT + HOUR
    for (const vote of [sampleVote(grant), no(grant, paul)]) {
      expect(typesOf(grant, vote, unchanged, late - 1)).toContain('voted')
      expect(eventsOf(grant, vote, unchanged, late)).toEqual([{ type: 'expired', at: late }])
      const expired = withEvents(grant, [{ type: 'expired', at: late }])
      expect(problemOf(expired, vote, unchanged, late)).toBe('over')
      // Also by a clock that is behind.
      expect(problemOf(expired, vote, unchanged, AT)).toBe('over')
      expect(hasVote(expired, vote.id)).toBe(false)
    }
  })

  test('a yes after enough of them is told so', () => {
    const grant = grantFor({})
    const approved = after(grant, sampleVote(grant, paul))
    expect(problemOf(approved, sampleVote(grant, petra))).toBe('approved-already')
    const started = withEvents(approved, [
      { type: 'starting', at: AT },
      { type: 'started', at: AT },
    ])
    expect(problemOf(started, sampleVote(grant, petra))).toBe('approved-already')
  })

  test('nobody approves a glass that is broken', () => {
    const grant = sampleGrant({ events: [{ type: 'broke-glass', at: AT, justification: 'x' }] })
    expect(problemOf(grant, sampleVote(grant))).toBe('over')
    expect(typesOf(grant, no(grant, paul))).toEqual(['voted', 'revoked'])
  })
})
