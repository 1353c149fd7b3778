import type { Grant, GrantEvent, GrantState, TimeBox, Vote } from './grant.ts'
import { latestVotes } from './latest-votes.ts'

/** How a grant stands: what follows from its events. */
export interface Standing {
  readonly state: GrantState
  /** The last word of each account that voted. */
  readonly votes: readonly Vote[]
  /** What was approved has to start before, or the time box ends then; undefined unless there is leave. */
  readonly until: number | undefined
  readonly box: TimeBox | undefined
  /** Of the time box, over all queries that ran under it. */
  readonly bytesUsed: number
  readonly uses: number
  /** Somebody claimed the start, and nobody has said yet what came of it. */
  readonly isStarting: boolean
  /** When the start was last claimed. */
  readonly claimedAt: number | undefined
  readonly hasStarted: boolean
  /** What gave leave, or took it for good. */
  readonly settledBy: SettlingEvent | undefined
  /** What made certain that nothing ran and nothing will; once there is one, it stays the same. */
  readonly neverRan: FinalEvent | undefined
  readonly brokeGlass: EventOf<'broke-glass'> | undefined
  /** Nobody else has looked at a broken glass. */
  readonly reviewOpen: boolean
  /** How many reminders there were. */
  readonly reminders: number
  readonly escalatedAt: number | undefined
}

const finalTypes = ['denied', 'expired', 'cancelled', 'revoked', 'not-started'] as const

/** Events after which nothing may start. */
export type FinalEvent = EventOf<(typeof finalTypes)[number]>

type SettlingEvent = FinalEvent | EventOf<'approved' | 'broke-glass'>

type EventOf<T extends GrantEvent['type']> = Extract<GrantEvent, { type: T }>

/** How a grant stands. Never throws: of events that make no sense together, those that allow less count. */
export function standingOf(grant: Grant): Standing {
  const { events, terms } = grant
  const final = events.find(isFinal)
  const leave = events.find((event) => event.type === 'approved' || event.type === 'broke-glass')
  const box = leave?.type === 'approved' ? leave.box : undefined
  const claims = events.filter(({ type }) => type === 'starting')
  const hasStarted = events.some(({ type }) => type === 'started')
  const wasNotStarted = events.some(({ type }) => type === 'not-started')
  const isStarting = claims.length > 0 && !hasStarted && !wasNotStarted
  const used = events.filter((event) => event.type === 'used')
  const brokeGlass = events.find((event) => event.type === 'broke-glass')
  return {
    state: stateOf(final, leave !== undefined, hasStarted, box),
    votes: latestVotes(events),
    until:
      leave?.type === 'broke-glass'
        ? leave.at + Math.min(...terms.map(({ useWithinMs }) => useWithinMs))
        : leave?.until,
    box,
    bytesUsed: used.reduce((sum, { bytes }) => sum + bytes, 0),
    uses: used.length,
    isStarting,
    claimedAt: claims.at(-1)?.at,
    hasStarted,
    settledBy: final ?? leave,
    neverRan: isStarting || hasStarted ? undefined : final,
    brokeGlass,
    reviewOpen: brokeGlass !== undefined && !events.some(({ type }) => type === 'reviewed'),
    reminders: events.filter(({ type }) => type === 'reminded').length,
    escalatedAt: events.find(({ type }) => type === 'escalated')?.at,
  }
}

/** Whether nothing is left to do for anybody. What somebody began to start is not over until they say how it went. */
export function isOver(grant: Grant): boolean {
  const { state, reviewOpen, isStarting } = standingOf(grant)
  return state !== 'approval-awaited' && state !== 'active' && !reviewOpen && !isStarting
}

function stateOf(
  final: FinalEvent | undefined,
  hasLeave: boolean,
  hasStarted: boolean,
  box: TimeBox | undefined,
): GrantState {
  switch (final?.type) {
    case 'denied':
      return 'denied'
    case 'revoked':
      return 'revoked'
    case 'cancelled':
    case 'not-started':
      return 'ended'
    case 'expired':
      // A time box that was used has ended as it was to end.
      return hasStarted ? 'ended' : 'expired'
    case undefined:
      if (hasStarted && box === undefined) return 'ended'
      return hasLeave ? 'active' : 'approval-awaited'
  }
}

function isFinal(event: GrantEvent): event is FinalEvent {
  return finalTypes.some((type) => type === event.type)
}
