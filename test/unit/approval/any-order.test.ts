import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { castVote } from '../../../shared/approval/cast-vote.ts'
import { due } from '../../../shared/approval/due.ts'
import type { Grant, GrantEvent, Vote } from '../../../shared/approval/grant.ts'
import { type FinalEvent, isOver, standingOf } from '../../../shared/approval/standing.ts'
import { revoke, review } from '../../../shared/approval/stop.ts'
import { useBox } from '../../../shared/approval/time-box.ts'
import {
  CLAIM_MS,
  cancel,
  claimStart,
  confirmStart,
  endUnstarted,
} from '../../../shared/approval/transitions.ts'
import { type Result, ok } from '../../../shared/kernel/result.ts'
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

/** Something somebody wants of a grant, by a clock that need not agree with those before. */
type Step = (grant: Grant, at: number) => Result<readonly GrantEvent[], unknown>

const terms = sampleTerms({
  approvers: { of: 'any', groups: [{ group: 'privacy-office', votes: 2 }] },
  quorum: 2,
  timeBox: { longestMs: HOUR, maximumBytes: 5_000 },
  remindersMs: [10 * MINUTE],
  escalation: { afterMs: 30 * MINUTE, group: 'duty', slackChannel: undefined },
})

/** By name: in which groups they voted, and in which they are by now. */
const voters = {
  paul: { atVote: ['privacy-office'], now: ['privacy-office'] },
  petra: { atVote: ['privacy-office'], now: ['privacy-office'] },
  pia: { atVote: ['privacy-office'], now: ['privacy-office'] },
  left: { atVote: ['privacy-office'], now: [] },
  gone: { atVote: ['privacy-office'], now: undefined },
  dora: { atVote: ['duty'], now: ['duty'] },
  eve: { atVote: ['analysts'], now: ['privacy-office'] },
  ana: { atVote: ['privacy-office'], now: ['privacy-office'] },
} as const

type Name = keyof typeof voters

const electorate = {
  people: [
    {
      accounts: ['https://id.example paul', 'https://id.example pia'],
      slackUser: undefined,
      groups: [],
    },
  ],
  groupsNow: ({ subject }: { readonly subject: string }) =>
    Object.entries(voters).find(([name]) => name === subject)?.[1].now,
}

const names = fc.constantFrom(
  ...(['paul', 'petra', 'pia', 'left', 'gone', 'dora', 'eve', 'ana'] satisfies Name[]),
)
const by = (name: Name) => sampleVoter(name, { groups: voters[name].atVote })

interface Ballot {
  readonly name: Name
  readonly verdict: Vote['verdict']
  readonly boxed: boolean
  /** Votes of one number are deliveries of one message. */
  readonly copy: number
}

const voting =
  ({ name, verdict, boxed, copy }: Ballot): Step =>
  (grant, at) => {
    const box = boxed ? { durationMs: HOUR, maximumBytes: 4_000 } : undefined
    const change: Partial<Vote> = { id: `${verdict} ${name} ${copy}`, verdict, reason: 'x', box }
    return castVote(grant, sampleVote(grant, by(name), change), electorate, at)
  }

const votes = fc
  .record<Ballot>({
    name: names,
    verdict: fc.oneof(
      { weight: 9, arbitrary: fc.constant('approve' as const) },
      fc.constant('deny' as const),
    ),
    boxed: fc.boolean(),
    copy: fc.nat(1),
  })
  .map(voting)

const uses = fc.record({ call: fc.nat(5), bytes: fc.nat(2_500) }).map(
  ({ call, bytes }): Step =>
    (grant, at) =>
      useBox(
        grant,
        {
          call: `c${call}`,
          owner: 'https://id.example ana',
          tables: [],
          statementType: 'SELECT',
          bytes,
        },
        at,
      ),
)

const remarks = fc.record({ name: names, isAdmin: fc.boolean(), revokes: fc.boolean() }).map(
  ({ name, isAdmin, revokes }): Step =>
    (grant, at) =>
      (revokes ? revoke : review)(
        grant,
        { by: by(name), isAdmin, text: 'x', people: electorate.people },
        at,
      ),
)

const starts: readonly Step[] = [
  claimStart,
  claimStart,
  confirmStart,
  (grant, at) => endUnstarted(grant, { reason: 'x', claim: undefined }, at),
  (grant, at) => endUnstarted(grant, { reason: 'x', claim: standingOf(grant).claimedAt }, at),
  (grant, at) => cancel(grant, 'https://id.example ana', at),
  (grant, at) => ok(due(grant, at)),
]

const steps = fc.array(
  fc.record({
    step: fc.oneof(
      { weight: 4, arbitrary: votes },
      { weight: 5, arbitrary: fc.constantFrom(...starts) },
      uses,
      { weight: 1, arbitrary: remarks },
    ),
    // Mostly a little later; sometimes much; sometimes by a clock that is behind.
    later: fc.oneof(
      { weight: 6, arbitrary: fc.nat(2 * MINUTE) },
      { weight: 1, arbitrary: fc.nat(HOUR / 2) },
      { weight: 1, arbitrary: fc.integer({ min: -2 * MINUTE, max: 0 }) },
    ),
  }),
  { minLength: 5, maxLength: 40, size: 'max' },
)

/** Half of the time people begin by agreeing, so that there is something to do. */
const beginnings = fc.constantFrom<readonly (readonly [Name, boolean])[]>(
  [],
  [],
  [
    ['paul', true],
    ['petra', true],
  ],
  [
    ['paul', false],
    ['petra', true],
  ],
)

const seen = { approved: 0, started: 0, denied: 0, used: 0, revoked: 0, reclaimed: 0 }

test('whatever people, clients and clocks do in whatever order, nothing runs that may not, nor twice', () => {
  fc.assert(
    fc.property(steps, beginnings, fc.nat(20), (all, beginning, luck) => {
      let at = ASKED_AT
      let grant = sampleGrant({
        terms: [terms],
        events: luck === 0 ? [{ type: 'broke-glass', at, justification: 'x' }] : [],
      })
      const agreed = beginning.map(([name, boxed]) => ({
        step: voting({ name, verdict: 'approve', boxed, copy: 2 }),
        later: 1,
      }))
      for (const { step, later } of [...agreed, ...all]) {
        at += later
        const before = grant
        const result = step(grant, at)
        if (result.ok) grant = withEvents(grant, result.value)
        verify(before, grant, at)
      }
    }),
    { numRuns: 300 },
  )
  // All of it was tried.
  for (const [what, often] of Object.entries(seen)) expect([what, often > 0]).toEqual([what, true])
})

function verify(before: Grant, after: Grant, at: number): void {
  const [was, is] = [standingOf(before), standingOf(after)]
  const added = after.events.slice(before.events.length).map(({ type }) => type)
  if (added.includes('approved')) {
    seen.approved += 1
    expect(was.state).toBe('approval-awaited')
    expect(peopleForIt(after, at).size).toBeGreaterThanOrEqual(2)
    expect(at).toBeLessThan(after.expiresAt)
  }
  if (added.includes('starting')) {
    expect(was.state).toBe('active')
    expect(was.hasStarted).toBe(false)
    expect(at).toBeLessThan(was.until ?? 0)
    if (was.isStarting) {
      seen.reclaimed += 1
      expect(at - (was.claimedAt ?? 0)).toBeGreaterThanOrEqual(CLAIM_MS)
    }
  }
  if (added.includes('started')) {
    seen.started += 1
    expect(was.isStarting).toBe(true)
    expect(was.hasStarted).toBe(false)
  }
  if (added.includes('used')) {
    seen.used += 1
    expect(was.state).toBe('active')
    expect(is.bytesUsed).toBeLessThanOrEqual(is.box?.maximumBytes ?? 0)
  }
  if (added.includes('denied')) seen.denied += 1
  if (added.includes('revoked')) seen.revoked += 1
  // A no is never lost.
  if (added.includes('voted') && is.votes.some(({ verdict }) => verdict === 'deny'))
    expect(['denied', 'revoked']).toContain(is.state)
  // What is over stays over; what never ran never does, and nobody says later that it was something else.
  if (was.final !== undefined) {
    expect(is.final).toBe(was.final)
    expect(is.state).toBe(was.state)
    expect(added).not.toContain('starting')
    expect(added).not.toContain('used')
  }
  if (was.neverRan !== undefined) expect(is.neverRan).toBe(was.neverRan)
  if (isOver(before) && was.final !== undefined) expect(added).toEqual([])
  if (is.neverRan !== undefined) expect(is.hasStarted).toBe(false)
}

/** Whose yes counts, reckoned another way than the code does. */
function peopleForIt({ events, requestedAt }: Grant, at: number): ReadonlySet<string> {
  const hasEscalated = at >= requestedAt + 30 * MINUTE
  const person = { paul: 'p', pia: 'p', petra: 'q', dora: hasEscalated ? 'd' : undefined }
  const said = events.flatMap((event) => (event.type === 'voted' ? [event.vote] : []))
  const newest = said.at(-1)?.by.subject
  return new Set(
    said.flatMap(({ by: { subject }, verdict }) => {
      // Somebody whom nobody knows any more counts in the moment of their own vote.
      if (subject === 'gone' && subject === newest) return ['gone']
      const known = Object.entries(person).find(([name]) => name === subject)?.[1]
      return verdict === 'approve' && known !== undefined ? [known] : []
    }),
  )
}

const vote = sampleVote(sampleGrant())
const final = (type: FinalEvent['type'], at: number): FinalEvent => {
  switch (type) {
    case 'denied':
    case 'revoked':
      return { type, at, by: sampleVoter(), reason: 'x' }
    case 'not-started':
      return { type, at, reason: 'x' }
    case 'expired':
    case 'cancelled':
      return { type, at }
  }
}
const anyEvent: fc.Arbitrary<GrantEvent> = fc.nat(1_000).chain((at) =>
  fc.constantFrom<GrantEvent>(
    { type: 'asked', at },
    { type: 'voted', at, vote },
    { type: 'approved', at, until: at + 10, box: undefined },
    {
      type: 'approved',
      at,
      until: at + 10,
      box: { tables: [], statementType: 'SELECT', maximumBytes: 1 },
    },
    ...(['denied', 'revoked', 'not-started', 'expired', 'cancelled'] as const).map((type) =>
      final(type, at),
    ),
    { type: 'starting', at },
    { type: 'started', at },
    { type: 'used', at, call: 'c', bytes: 1 },
    { type: 'reminded', at },
    { type: 'escalated', at },
    { type: 'broke-glass', at, justification: 'x' },
    { type: 'reviewed', at, by: sampleVoter(), finding: 'x' },
  ),
)

test('any events can be told apart, and none after a final one gives leave', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
      for (let length = 0; length <= events.length; length++) {
        const grant = { ...sampleGrant(), events: events.slice(0, length) }
        const { state, final: end } = standingOf(grant)
        expect(typeof isOver(grant)).toBe('boolean')
        if (end === undefined) continue
        expect(['active', 'approval-awaited']).not.toContain(state)
        expect(claimStart(grant, 5).ok).toBe(false)
      }
    }),
    { numRuns: 500 },
  )
})
