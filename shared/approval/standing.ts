import type { Grant, GrantEvent, GrantState, TimeBox, Vote } from './grant.ts'
import { latestVotes } from './latest-votes.ts'

/** How a grant stands: what follows from its events. */
export interface Standing {
  readonly state: GrantState
  /** The last word of each account that voted. */
  readonly votes: readonly Vote[]
  /** What was approved has to start before, or the time box ends then; undefined unless it was approved. */
  readonly until: number | undefined
  readonly box: TimeBox | undefined
  /** Of the time box, over all queries, the one it was asked for as well. */
  readonly bytesUsed: number
  readonly uses: number
  /** Somebody claimed the start, and nobody has said yet what came of it. */
  readonly isStarting: boolean
  /** When the start was last claimed; it tells claims apart. */
  readonly claimedAt: number | undefined
  /** What was approved has started; or the glass was broken, and the requester ran it. */
  readonly hasStarted: boolean
  /** After it nothing may start. */
  readonly final: FinalEvent | undefined
  /** What gave leave, or took it for good. */
  readonly settledBy: SettlingEvent | undefined
  /** What made certain that nothing ran and nothing will; once there is one, it stays the same. */
  readonly neverRan: FinalEvent | undefined
  readonly brokeGlass: EventOf<'broke-glass'> | undefined
  /** Nobody else has looked at a broken glass. */
  readonly reviewOpen: boolean
  /** How many there were. */
  readonly reminders: number
  /** When the escalation group was asked. */
  readonly escalatedAt: number | undefined
}

const finalTypes = ['denied', 'expired', 'cancelled', 'revoked', 'not-started'] as const

/** Events after which nothing may start. */
export type FinalEvent = EventOf<(typeof finalTypes)[number]>

type SettlingEvent = FinalEvent | EventOf<'approved' | 'broke-glass'>

type EventOf<T extends GrantEvent['type']> = Extract<GrantEvent, { type: T }>

/** How a grant stands. Never throws: of events that make no sense together, those that allow less count. */
export function standingOf({
  events,
  told,
}: Pick<Grant, 'events'> & {
  readonly told: Pick<Grant['told'], 'estimatedBytes'>
}): Standing {
  const final = events.find(isFinal)
  const approved = events.find((event) => event.type === 'approved')
  const brokeGlass = events.find((event) => event.type === 'broke-glass')
  const claims = events.filter(({ type }) => type === 'starting')
  const hasStarted = brokeGlass !== undefined || has(events, 'started')
  const isStarting = claims.length > 0 && !hasStarted && !has(events, 'not-started')
  const used = events.filter((event) => event.type === 'used')
  const own = approved?.box === undefined ? 0 : (told.estimatedBytes ?? 0)
  return {
    state: stateOf(final, approved, hasStarted),
    votes: latestVotes(events).map(({ vote }) => vote),
    until: approved?.until,
    box: approved?.box,
    bytesUsed: used.reduce((sum, { bytes }) => sum + bytes, own),
    uses: used.length,
    isStarting,
    claimedAt: claims.at(-1)?.at,
    hasStarted,
    final,
    settledBy: final ?? approved ?? brokeGlass,
    neverRan: isStarting || hasStarted ? undefined : final,
    brokeGlass,
    reviewOpen: brokeGlass !== undefined && !has(events, 'reviewed'),
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
  approved: EventOf<'approved'> | undefined,
  hasStarted: boolean,
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
      if (hasStarted && approved?.box === undefined) return 'ended'
      return approved === undefined ? 'approval-awaited' : 'active'
  }
}

function isFinal(event: GrantEvent): event is FinalEvent {
  return finalTypes.some((type) => type === event.type)
}

function has(events: readonly GrantEvent[], wanted: GrantEvent['type']): boolean {
  return events.some(({ type }) => type === wanted)
}
