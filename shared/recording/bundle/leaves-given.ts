import { conflictOf } from '../../approval/eligible.ts'
import { principalKey } from '../../identity/principal.ts'
import type { Leave, Requester } from './calls.ts'
import type { CheckedEntry, CheckedLeaf } from './checked-line.ts'
import type { FactsOf } from './entry-facts.ts'
import { type Place, type Report, broken, entryAt, missing, quoted } from './problem.ts'

/** What happened to grants, and what leave they gave. FORMAT.md §9. */
export interface LeavesGiven {
  add(entry: CheckedEntry): void
  addLeaf(leaf: CheckedLeaf): void
  /** Leave for a call that needs it, by its own grant or under a time box; once everything was added. */
  readonly leaveOf: (call: string, request: Requester) => Leave
  /** How many grants there are. */
  finish(isCut: boolean): number
}

type Event = FactsOf<'approval'>['event']

interface Step {
  readonly number: number
  readonly place: Place
  /** Epoch microseconds. */
  readonly at: number
  readonly digest: string
  readonly event: Event
}

interface Grant {
  readonly steps: Map<number, Step>
  requester: Requester | undefined
  /** Events that retention deleted: what they said nobody knows. */
  hasLost: boolean
}

/** By grant, which has the id of its call. `isEverything`: a grant that is not here does not exist. */
export function leavesGiven(report: Report, isEverything: boolean): LeavesGiven {
  const grants = new Map<string, Grant>()
  const grantOf = (id: string): Grant => {
    const found = grants.get(id) ?? { steps: new Map(), requester: undefined, hasLost: false }
    grants.set(id, found)
    return found
  }
  return {
    add({ id, index, committed, facts }) {
      if (facts.type === 'request' && facts.decision.effect === 'require-approval')
        grantOf(facts.call).requester = facts.principal
      if (facts.type !== 'approval') return
      const { number, digest, event, call, grant } = facts
      const place = { id, index }
      if (grant !== call)
        report(
          broken('grant-differs', place, `${entryAt(place)} is about the grant of another call`),
        )
      grantOf(call).steps.set(number, { number, place, at: committed, digest, event })
    },
    addLeaf({ id }) {
      const [, call] = /^([a-z2-7]{26})~approval~\d+$/.exec(id) ?? []
      if (call !== undefined) grantOf(call).hasLost = true
    },
    leaveOf(call, request) {
      const id = request.grant ?? call
      const grant = grants.get(id)
      if (grant === undefined || (grant.steps.size === 0 && id !== call))
        return id === call || isEverything
          ? { none: 'no grant for it is on the record' }
          : 'unknown'
      if (grant.hasLost) return 'unknown'
      const steps = [...grant.steps.values()].toSorted((a, b) => a.number - b.number)
      return id === call
        ? ownLeave(steps, request)
        : boxLeave(steps, call, request, grant.requester)
    },
    finish(isCut) {
      for (const [id, { steps, requester, hasLost }] of grants) {
        const numbers = [...steps.keys()]
        const highest = numbers.reduce((a, b) => Math.max(a, b), -1)
        if (!isCut && !hasLost && highest >= steps.size)
          report(
            missing(
              'approval-missing',
              { id: `${id}~request` },
              `of the approval of call ${quoted(id)} events are missing: the highest number is ${highest}, and ${steps.size} are here`,
            ),
          )
        if (requester !== undefined)
          for (const { event, place } of steps.values())
            if (event.vote?.verdict === 'approve' && isConflicted(requester, event.vote.by))
              report(
                broken(
                  'own-approval',
                  place,
                  `${entryAt(place)} counts a yes of somebody who asked for it`,
                ),
              )
      }
      return [...grants.values()].filter(({ steps }) => steps.size > 0).length
    },
  }
}

/** Leave for the call that the grant was asked for: when somebody began to start it, or broke the glass. */
function ownLeave(steps: readonly Step[], requester: Requester): Leave {
  const broke = steps.find(({ event }) => event.type === 'broke-glass')
  if (broke !== undefined) return { at: broke.at }
  const approved = approval(steps, requester)
  const final = steps.find(isFinal)
  if (approved === undefined)
    return final === undefined
      ? 'awaited'
      : { none: `it was ${final.event.type} (${entryAt(final.place)})` }
  if (typeof approved === 'string') return { none: approved }
  const start = steps.find(
    ({ event, number }) => event.type === 'starting' && number > approved.number,
  )
  if (final !== undefined && final.number < (start?.number ?? Infinity))
    return { none: `it was ${final.event.type} before it started (${entryAt(final.place)})` }
  return start === undefined ? 'awaited' : { at: start.at }
}

/** Leave for another call under the time box that was granted. */
function boxLeave(
  steps: readonly Step[],
  call: string,
  request: Requester,
  granted: Requester | undefined,
): Leave {
  const approved = approval(steps, granted)
  const use = steps.find(({ event }) => event.type === 'used' && event.call === call)
  if (use === undefined) return { none: 'no use of its time box is on the record' }
  if (typeof approved === 'string') return { none: approved }
  if (approved?.event.box === undefined || approved.number > use.number)
    return { none: 'no time box was granted before' }
  const final = steps.find((step) => isFinal(step) && step.number < use.number)
  if (final !== undefined) return { none: `its time box was ${final.event.type} before` }
  if (granted !== undefined && principalKey(granted) !== principalKey(request))
    return { none: 'its time box was granted to somebody else' }
  return { at: use.at }
}

/** The event by which enough said yes; words when it does not follow from the votes before. */
function approval(
  steps: readonly Step[],
  requester: Requester | undefined,
): Step | string | undefined {
  const approved = steps.find(({ event }) => event.type === 'approved')
  if (approved === undefined) return undefined
  const before = steps.filter(({ number, event }) => number < approved.number && event.vote)
  const last = new Map(
    before.flatMap(({ digest, event: { vote } }) =>
      vote === undefined ? [] : [[principalKey(vote.by), { vote, digest }]],
    ),
  )
  const yes = [...last.values()].filter(
    ({ vote, digest }) =>
      vote.verdict === 'approve' &&
      vote.digest === digest &&
      (requester === undefined || !isConflicted(requester, vote.by)),
  )
  return yes.length === 0 ? 'nobody but its requester had said yes' : approved
}

const FINAL: ReadonlySet<Event['type']> = new Set([
  'denied',
  'expired',
  'cancelled',
  'revoked',
  'not-started',
])
const isFinal = ({ event }: Step): boolean => FINAL.has(event.type)

function isConflicted(principal: Requester, by: NonNullable<Event['vote']>['by']): boolean {
  return conflictOf({ request: { principal } }, by, []) !== undefined
}
