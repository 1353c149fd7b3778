import { describe, expect, test } from 'vitest'

import type { GrantEvent } from '../../../shared/approval/grant.ts'
import { isOver, standingOf } from '../../../shared/approval/standing.ts'
import { review, revoke } from '../../../shared/approval/stop.ts'
import {
  CLAIM_MS,
  cancel,
  claimStart,
  confirmStart,
  endUnstarted,
  expire,
} from '../../../shared/approval/transitions.ts'
import {
  ASKED_AT,
  HOUR,
  MINUTE,
  sampleGrant,
  sampleTerms,
  sampleVote,
  sampleVoter,
} from '../../support/sample-grant.ts'

const AT = ASKED_AT + MINUTE
const UNTIL = AT + 10 * MINUTE
const paul = sampleVoter('paul')
const ANA = 'https://id.example ana'

const approved: GrantEvent = { type: 'approved', at: AT, until: UNTIL, box: undefined }
const starting: GrantEvent = { type: 'starting', at: AT }
const started: GrantEvent = { type: 'started', at: AT }
const notStarted: GrantEvent = { type: 'not-started', at: AT, reason: 'another etag' }
const denied: GrantEvent = { type: 'denied', at: AT, by: paul, reason: 'no' }
const revoked: GrantEvent = { type: 'revoked', at: AT, by: paul, reason: 'no' }
const cancelled: GrantEvent = { type: 'cancelled', at: AT }
const expired: GrantEvent = { type: 'expired', at: AT }
const broken: GrantEvent = { type: 'broke-glass', at: AT, justification: 'a patient waits' }
const reviewed: GrantEvent = { type: 'reviewed', at: AT, by: paul, finding: 'fine' }
const box = { tables: [], statementType: 'SELECT', maximumBytes: 1 }
const boxed: GrantEvent = { type: 'approved', at: AT, until: UNTIL, box }

const grant = (...events: readonly GrantEvent[]) => sampleGrant({ events })

describe('how a grant stands', () => {
  test.each<[readonly GrantEvent[], string, boolean, string | undefined]>([
    [[], 'approval-awaited', false, undefined],
    [[approved], 'active', false, undefined],
    [[approved, starting], 'active', false, undefined],
    [[approved, starting, started], 'ended', true, undefined],
    [[approved, starting, notStarted], 'ended', true, 'not-started'],
    [[approved, notStarted], 'ended', true, 'not-started'],
    [[approved, expired], 'expired', true, 'expired'],
    [[approved, cancelled], 'ended', true, 'cancelled'],
    [[approved, revoked], 'revoked', true, 'revoked'],
    // Whether it runs is not known: nobody may say that it does not.
    [[approved, starting, revoked], 'revoked', false, undefined],
    [[approved, starting, revoked, started], 'revoked', true, undefined],
    [[approved, starting, revoked, notStarted], 'revoked', true, 'revoked'],
    [[approved, starting, started, revoked], 'revoked', true, undefined],
    [[denied], 'denied', true, 'denied'],
    [[expired], 'expired', true, 'expired'],
    [[cancelled], 'ended', true, 'cancelled'],
    [[boxed], 'active', false, undefined],
    [[boxed, starting, started], 'active', false, undefined],
    [[boxed, starting, started, expired], 'ended', true, undefined],
    [[boxed, starting, started, revoked], 'revoked', true, undefined],
    [[boxed, expired], 'expired', true, 'expired'],
    [[broken], 'ended', false, undefined],
    [[broken, reviewed], 'ended', true, undefined],
    [[broken, revoked], 'revoked', false, undefined],
    [[broken, revoked, reviewed], 'revoked', true, undefined],
  ])('%j', (events, state, over, neverRan) => {
    const given = grant(...events)
    expect(standingOf(given).state).toBe(state)
    expect(isOver(given)).toBe(over)
    expect(standingOf(given).neverRan?.type).toBe(neverRan)
  })

  test('what is said of who voted is their last word', () => {
    const vote = sampleVote(grant(), paul)
    const no = { ...vote, id: 'no', verdict: 'deny' as const, reason: 'too much' }
    const events = [vote, no].map((one) => ({ type: 'voted', at: AT, vote: one }) as const)
    expect(standingOf(grant(...events)).votes).toEqual([no])
  })
})

describe('expiry', () => {
  test.each<[string, readonly GrantEvent[], number, boolean]>([
    ['a wait, in time', [], ASKED_AT + HOUR - 1, false],
    ['a wait, too long', [], ASKED_AT + HOUR, true],
    ['an approval, in time', [approved], UNTIL - 1, false],
    ['an approval that nobody used', [approved], UNTIL, true],
    [
      'an approval outlives the wait',
      [{ ...approved, until: ASKED_AT + 2 * HOUR }],
      ASKED_AT + HOUR,
      false,
    ],
    ['what somebody is starting', [approved, starting], UNTIL, false],
    ['what has started', [approved, starting, started], UNTIL, false],
    ['a time box', [boxed, starting, started], UNTIL, true],
    ['a broken glass', [broken], ASKED_AT + 2 * HOUR, false],
    ['what is denied', [denied], ASKED_AT + 2 * HOUR, false],
    ['what has expired', [expired], ASKED_AT + 2 * HOUR, false],
  ])('%s', (_, events, at, isDue) => {
    expect(expire(grant(...events), at)).toEqual(isDue ? [{ type: 'expired', at }] : [])
  })
})

describe('starts', () => {
  test.each<[string, readonly GrantEvent[], number, string | undefined]>([
    ['what is approved', [approved], AT, undefined],
    ['what nobody approved', [], AT, 'not-approved'],
    ['the last moment', [approved], UNTIL - 1, undefined],
    ['too late', [approved], UNTIL, 'too-late'],
    ['what somebody else starts', [approved, starting], AT + CLAIM_MS - 1, 'being-started'],
    ['what somebody died starting', [approved, starting], AT + CLAIM_MS, undefined],
    ['by a clock that is behind', [approved, starting], AT - HOUR, 'being-started'],
    [
      'what died again',
      [approved, starting, { ...starting, at: AT + CLAIM_MS }],
      AT + CLAIM_MS + 1,
      'being-started',
    ],
    ['what has started', [approved, starting, started], AT + CLAIM_MS, 'started-already'],
    ['a time box that has started', [boxed, starting, started], AT, 'started-already'],
    ['what is denied', [denied], AT, 'over'],
    ['what is revoked', [approved, revoked], AT, 'over'],
    ['what was revoked while it started', [approved, starting, revoked], AT + CLAIM_MS, 'over'],
    ['what was taken back', [approved, cancelled], AT, 'over'],
    ['what has expired', [approved, expired], AT, 'over'],
    ['what did not start', [approved, notStarted], AT, 'over'],
    ['what ran without waiting', [broken], AT, 'started-already'],
  ])('%s', (_, events, at, problem) => {
    expect(claimStart(grant(...events), at)).toEqual(
      problem === undefined
        ? { ok: true, value: [{ type: 'starting', at }] }
        : { ok: false, error: { problem } },
    )
  })

  test('nothing starts outside the hours of who approved it', () => {
    const hours = { timeZone: 'UTC', days: [6], fromMinute: 12 * 60, untilMinute: 12 * 60 + 5 }
    const terms = [sampleTerms(), sampleTerms({ id: 'office', hours })]
    const given = sampleGrant({ terms, events: [approved] })
    expect(claimStart(given, AT).ok).toBe(true)
    expect(claimStart(given, ASKED_AT + 5 * MINUTE)).toEqual({
      ok: false,
      error: { problem: 'closed' },
    })
  })

  test.each<[string, readonly GrantEvent[], object]>([
    ['what was claimed', [approved, starting], { ok: true, value: [started] }],
    ['again', [approved, starting, started], { ok: true, value: [] }],
    [
      'what was revoked meanwhile, for the record',
      [approved, starting, revoked],
      { ok: true, value: [started] },
    ],
    ['what nobody claimed', [approved], { ok: false, error: { problem: 'not-claimed' } }],
    ['what is denied', [denied], { ok: false, error: { problem: 'not-claimed' } }],
    [
      'what did not start',
      [approved, starting, notStarted],
      { ok: false, error: { problem: 'not-claimed' } },
    ],
  ])('a start is confirmed: %s', (_, events, result) => {
    expect(confirmStart(grant(...events), AT)).toEqual(result)
  })

  test.each<[string, readonly GrantEvent[], number | undefined, object]>([
    ['before anybody claimed it', [approved], undefined, { ok: true, value: [notStarted] }],
    ['by whoever claimed it', [approved, starting], AT, { ok: true, value: [notStarted] }],
    [
      'not by others',
      [approved, starting],
      undefined,
      { ok: false, error: { problem: 'being-started' } },
    ],
    [
      'not by whoever was taken for dead',
      [approved, starting, { ...starting, at: AT + CLAIM_MS }],
      AT,
      { ok: false, error: { problem: 'being-started' } },
    ],
    [
      'once it was revoked meanwhile',
      [approved, starting, revoked],
      AT,
      { ok: true, value: [notStarted] },
    ],
    ['again', [approved, notStarted], undefined, { ok: true, value: [] }],
    [
      'once it has started',
      [approved, starting, started],
      AT,
      { ok: false, error: { problem: 'started-already' } },
    ],
    ['before it was approved', [], undefined, { ok: false, error: { problem: 'not-approved' } }],
    ['once it is over', [denied], undefined, { ok: false, error: { problem: 'over' } }],
  ])('it is said not to start %s', (_, events, claim, result) => {
    expect(endUnstarted(grant(...events), { reason: 'another etag', claim }, AT)).toEqual(result)
  })
})

describe('the requester', () => {
  test.each<[string, readonly GrantEvent[], string | undefined]>([
    ['while it waits', [], undefined],
    ['once it is approved', [approved], undefined],
    ['while it starts', [approved, starting], 'being-started'],
    ['once it runs', [approved, starting, started], 'started-already'],
    ['once it is denied', [denied], 'over'],
  ])('takes it back %s', (_, events, problem) => {
    expect(cancel(grant(...events), ANA, AT)).toEqual(
      problem === undefined ? { ok: true, value: [cancelled] } : { ok: false, error: { problem } },
    )
  })

  test('is the only one who does, does it once, and not when it has expired', () => {
    expect(cancel(grant(), 'https://id.example eve', AT)).toEqual({
      ok: false,
      error: { problem: 'not-yours' },
    })
    expect(cancel(grant(cancelled), ANA, AT)).toEqual({ ok: true, value: [] })
    const late = ASKED_AT + HOUR
    expect(cancel(grant(), ANA, late)).toEqual({ ok: true, value: [{ type: 'expired', at: late }] })
  })
})

describe('revoking', () => {
  const remark = { by: paul, isAdmin: false, text: 'no', people: [] }
  const eve = sampleVoter('eve', { groups: [] })
  const ana = sampleVoter('ana')

  test.each<[string, readonly GrantEvent[]]>([
    ['what waits', []],
    ['what is approved', [approved]],
    ['what starts', [approved, starting]],
    ['what runs', [approved, starting, started]],
    ['a time box', [boxed, starting, started]],
    ['what ran without waiting', [broken]],
  ])('stops %s', (_, events) => {
    const result = { ok: true, value: [revoked] }
    expect(revoke(grant(...events), remark, AT)).toEqual(result)
    expect(revoke(grant(...events), { ...remark, by: eve, isAdmin: true }, AT).ok).toBe(true)
  })

  test.each<[string, Partial<typeof remark>, string]>([
    ['by somebody who may not vote', { by: eve }, 'no-approver'],
    ['by the requester, who takes it back', { by: ana }, 'own-request'],
    ['by an agent', { by: { ...paul, actors: [{ issuer: undefined, subject: 'bot' }] } }, 'agent'],
    [
      'by an agent of an admin',
      { by: { ...paul, actors: [{ issuer: undefined, subject: 'bot' }] }, isAdmin: true },
      'agent',
    ],
    ['without a reason', { text: ' ' }, 'reason-missing'],
  ])('is not done %s', (_, change, problem) => {
    expect(revoke(grant(approved), { ...remark, ...change }, AT)).toEqual({
      ok: false,
      error: { problem },
    })
  })

  test('is done once, and not to what is over', () => {
    for (const event of [revoked, denied, cancelled, expired])
      expect(revoke(grant(event), remark, AT)).toMatchObject({ error: { problem: 'over' } })
  })

  test('a broken glass is reviewed by somebody else, once', () => {
    const given = grant(broken)
    const note = { ...remark, text: 'fine' }
    expect(review(given, note, AT)).toEqual({ ok: true, value: [reviewed] })
    const problemOf = (
      change: Partial<typeof remark>,
      events: readonly GrantEvent[] = [broken],
    ) => {
      const result = review(grant(...events), { ...note, ...change }, AT)
      return result.ok ? undefined : result.error.problem
    }
    expect(problemOf({ by: eve, isAdmin: true })).toBeUndefined()
    expect(problemOf({ by: ana, isAdmin: true })).toBe('own-request')
    expect(
      problemOf({ by: sampleVoter('ana2', { email: 'ana@acme.example' }), isAdmin: true }),
    ).toBe('same-person')
    expect(problemOf({ by: sampleVoter('bot', { clientId: 'bot' }), isAdmin: true })).toBe(
      'machine',
    )
    expect(problemOf({ by: eve })).toBe('no-approver')
    expect(problemOf({ text: '' })).toBe('reason-missing')
    expect(problemOf({}, [broken, reviewed])).toBe('nothing-to-review')
    expect(problemOf({}, [approved])).toBe('nothing-to-review')
  })
})
