import { expect, test } from 'vitest'

import { castVote } from '../../../shared/approval/cast-vote.ts'
import type { Grant, GrantEvent, Vote, Voter } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import { type BoxUse, useBox } from '../../../shared/approval/time-box.ts'
import { expire } from '../../../shared/approval/transitions.ts'
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
const two = { approvers: { of: 'any', groups: [{ group: 'privacy-office', votes: 2 }] } } as const
const timeBox = { longestMs: 8 * HOUR, maximumBytes: 1_000_000 }

const grantFor = (...terms: readonly Partial<ApprovalTerms>[]) =>
  sampleGrant({ terms: terms.map((change) => sampleTerms(change)) })

const boxed = (grant: Grant, by: Voter, durationMs: number, maximumBytes: number) =>
  sampleVote(grant, by, { box: { durationMs, maximumBytes } })

function cast(grant: Grant, vote: Vote) {
  return castVote(grant, vote, { people: [], groupsNow: ({ groups }) => groups }, AT)
}

function after(grant: Grant, ...votes: readonly Vote[]): Grant {
  return votes.reduce((so, vote) => {
    const added = cast(so, vote)
    if (!added.ok) throw new Error(added.error.problem)
    return withEvents(so, added.value)
  }, grant)
}

const approvalOf = (grant: Grant, ...votes: readonly Vote[]) =>
  after(grant, ...votes).events.find((event) => event.type === 'approved')

test('a time box is the strictest of all votes, for the tables of today', () => {
  const grant = {
    ...grantFor({ ...two, timeBox }),
    told: {
      ...sampleGrant().told,
      tables: ['acme.hospital.view', 'acme.logs.day_*'],
      targets: ['acme.x.out'],
    },
  }
  expect(
    approvalOf(grant, boxed(grant, paul, 4 * HOUR, 500), boxed(grant, petra, 2 * HOUR, 900)),
  ).toEqual({
    type: 'approved',
    at: AT,
    until: AT + 2 * HOUR,
    box: {
      tables: ['acme.hospital.claims', 'acme.hospital.view', 'acme.x.out'],
      statementType: 'SELECT',
      maximumBytes: 500,
    },
  })
})

test('a time box is no larger than all terms let it be', () => {
  const grant = grantFor(
    { timeBox },
    { id: 'b', timeBox: { longestMs: HOUR, maximumBytes: 2_000_000 } },
  )
  expect(approvalOf(grant, boxed(grant, paul, 24 * HOUR, 9_000_000))).toMatchObject({
    until: AT + HOUR,
    box: { maximumBytes: 1_000_000 },
  })
})

test('there is no time box when one yes is to the query alone, or terms have none', () => {
  const grant = grantFor({ ...two, timeBox })
  for (const votes of [
    [boxed(grant, paul, HOUR, 500), sampleVote(grant, petra)],
    [sampleVote(grant, paul), boxed(grant, petra, HOUR, 500)],
  ])
    expect(approvalOf(grant, ...votes)).toEqual({
      type: 'approved',
      at: AT,
      until: AT + 10 * MINUTE,
      box: undefined,
    })
  const without = grantFor({ timeBox }, { id: 'b' })
  expect(approvalOf(without, boxed(without, paul, HOUR, 500))).toMatchObject({ box: undefined })
})

test.each([
  [0, 1],
  [1, 0],
  [-1, 1],
  [0.5, 1],
  [Number.NaN, 1],
  [1, Infinity],
])('no time box is given for %d ms and %d bytes', (durationMs, maximumBytes) => {
  const grant = grantFor({ timeBox })
  expect(cast(grant, boxed(grant, paul, durationMs, maximumBytes))).toEqual({
    ok: false,
    error: { problem: 'box-invalid' },
  })
})

const box = {
  tables: ['acme.hospital.claims', 'acme.hospital.plans'],
  statementType: 'SELECT',
  maximumBytes: 10_000,
}
const UNTIL = AT + 2 * HOUR

/** A box whose own query ran, and that is open. */
const open = (events: readonly GrantEvent[] = [], change: Partial<ApprovalTerms> = {}) =>
  sampleGrant({
    terms: [sampleTerms({ timeBox, ...change })],
    events: [
      { type: 'approved', at: AT, until: UNTIL, box },
      { type: 'starting', at: AT },
      { type: 'started', at: AT },
      ...events,
    ],
  })

const use = (change: Partial<BoxUse> = {}): BoxUse => ({
  call: 'second',
  owner: 'https://id.example ana',
  tables: ['acme.hospital.claims'],
  statementType: 'SELECT',
  bytes: 2_000,
  ...change,
})

test('another query runs under a time box, and counts once', () => {
  const used = [{ type: 'used', at: AT + 1, call: 'second', bytes: 2_000 } as const]
  expect(useBox(open(), use(), AT + 1)).toEqual({ ok: true, value: used })
  expect(useBox(open(used), use(), AT + 2)).toEqual({ ok: true, value: [] })
  // 1,000 for the query it was asked for.
  expect(standingOf(open(used))).toMatchObject({ state: 'active', bytesUsed: 3_000, uses: 1 })
})

test.each<[string, Partial<BoxUse>, object]>([
  ['somebody else', { owner: 'https://id.example eve' }, { problem: 'not-yours' }],
  ['another issuer', { owner: 'https://other.example ana' }, { problem: 'not-yours' }],
  [
    'another statement type',
    { statementType: 'DELETE' },
    { problem: 'other-statement', granted: 'SELECT' },
  ],
  [
    'a table that nobody granted',
    { tables: ['acme.hospital.claims', 'acme.hospital.staff'] },
    { problem: 'other-table', table: 'acme.hospital.staff' },
  ],
  [
    'a name in other letters',
    { tables: ['acme.hospital.Claims'] },
    { problem: 'other-table', table: 'acme.hospital.Claims' },
  ],
  [
    'a wildcard over them',
    { tables: ['acme.hospital.*'] },
    { problem: 'other-table', table: 'acme.hospital.*' },
  ],
  ['unknown bytes', { bytes: undefined }, { problem: 'size-unknown' }],
  ['negative bytes', { bytes: -1 }, { problem: 'size-unknown' }],
  ['no number', { bytes: Number.NaN }, { problem: 'size-unknown' }],
  ['a byte too many', { bytes: 9_001 }, { problem: 'bytes-used-up', left: 9_000 }],
])('a time box gives no leave for %s', (_, change, error) => {
  expect(useBox(open(), use(change), AT)).toEqual({ ok: false, error })
})

test('a time box is used up to the last byte, and no further', () => {
  expect(useBox(open(), use({ bytes: 9_000 }), AT).ok).toBe(true)
  const full = open([{ type: 'used', at: AT, call: 'a', bytes: 9_000 }])
  expect(useBox(full, use({ bytes: 0 }), AT).ok).toBe(true)
  expect(useBox(full, use({ bytes: 1 }), AT)).toEqual({
    ok: false,
    error: { problem: 'bytes-used-up', left: 0 },
  })
})

test('a time box is used 500 times at most', () => {
  const uses = Array.from(
    { length: 500 },
    (_, n) => ({ type: 'used', at: AT, call: `c${n}`, bytes: 0 }) as const,
  )
  expect(useBox(open(uses.slice(1)), use({ bytes: 0 }), AT).ok).toBe(true)
  expect(useBox(open(uses), use({ bytes: 0 }), AT)).toEqual({
    ok: false,
    error: { problem: 'uses-used-up' },
  })
})

test('a time box ends with its time, whether somebody has said so or not', () => {
  expect(useBox(open(), use(), UNTIL - 1).ok).toBe(true)
  expect(useBox(open(), use(), UNTIL)).toEqual({ ok: false, error: { problem: 'over' } })
  expect(expire(open(), UNTIL - 1)).toEqual([])
  expect(expire(open(), UNTIL)).toEqual([{ type: 'expired', at: UNTIL }])
  expect(standingOf(open([{ type: 'expired', at: UNTIL }])).state).toBe('ended')
})

test('a time box that was revoked, or that nobody opened, gives no leave', () => {
  const revoked = open([{ type: 'revoked', at: AT, by: paul, reason: 'no' }])
  expect(useBox(revoked, use(), AT)).toEqual({ ok: false, error: { problem: 'over' } })
  // Not even for a call that was among its uses.
  const used = open([
    { type: 'used', at: AT, call: 'second', bytes: 1 },
    { type: 'revoked', at: AT, by: paul, reason: 'no' },
  ])
  expect(useBox(used, use(), AT)).toEqual({ ok: false, error: { problem: 'over' } })
  expect(useBox(sampleGrant(), use(), AT)).toEqual({ ok: false, error: { problem: 'no-box' } })
  const single = sampleGrant({
    events: [{ type: 'approved', at: AT, until: UNTIL, box: undefined }],
  })
  expect(useBox(single, use(), AT)).toEqual({ ok: false, error: { problem: 'no-box' } })
})

test('a time box is for the hours of who granted it', () => {
  const hours = { timeZone: 'UTC', days: [6], fromMinute: 12 * 60, untilMinute: 13 * 60 }
  expect(useBox(open([], { hours }), use(), ASKED_AT + HOUR - 1).ok).toBe(true)
  expect(useBox(open([], { hours }), use(), ASKED_AT + HOUR)).toEqual({
    ok: false,
    error: { problem: 'closed' },
  })
})
