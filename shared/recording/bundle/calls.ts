import type { CheckedEntry, CheckedLeaf } from './checked-line.ts'
import type { EntryFacts, FactsOf } from './entry-facts.ts'
import {
  type Place,
  type Problem,
  type Report,
  broken,
  entryAt,
  missing,
  quoted,
} from './problem.ts'

const DAY_US = 24 * 60 * 60 * 1000 * 1000

/** Who asked for a call, and by which grant it was to run. */
export type Requester = FactsOf<'request'>['principal'] & { readonly grant?: string | undefined }

/** When leave was given, epoch microseconds; why there is none; or that it is not in the bundle, or not decided. */
export type Leave = { readonly at: number } | { readonly none: string } | 'unknown' | 'awaited'

/** Every call: asked once, ended once, nothing released without leave. FORMAT.md §2. */
export interface Calls {
  add(line: CheckedEntry): void
  /** A leaf whose entry is gone still says which entry it was. */
  addLeaf(leaf: CheckedLeaf): void
  finish(options: {
    readonly leaveOf: (call: string, request: Requester) => Leave
    /** Whether requests may lie outside of what the bundle is about. */
    readonly isCut: boolean
    /** When the bundle was made, epoch microseconds. */
    readonly madeAt: number
  }): CallCounts
}

export interface CallCounts {
  readonly calls: number
  /** Without an end, and younger than a day, or waiting for people. */
  readonly open: number
  /** Which ran under leave that is not in the bundle. */
  readonly leaveUnknown: number
}

interface Call {
  /** Hash of the request, as it is, or as others name it. */
  request?: { readonly hash: string; readonly isHere: boolean; readonly place: Place }
  askedAt?: number
  endedAt?: number
  isRefused?: boolean
  /** Only while it is not known that no approval is needed. */
  released?: { readonly at: number; readonly place: Place }
  needsLeave?: Requester
}

export function calls(report: Report): Calls {
  const all = new Map<string, Call>()
  const callOf = (id: string): Call => {
    const found = all.get(id) ?? {}
    all.set(id, found)
    return found
  }
  /** Somebody says which request it is about. */
  const name = (call: Call, hash: string, place: Place, isHere: boolean): void => {
    const { request } = call
    if (request !== undefined && request.hash !== hash) {
      const other = isHere ? request.place : place
      report(
        broken(
          'request-differs',
          other,
          `${entryAt(other)} names another request than that of its call`,
        ),
      )
    }
    if (request === undefined || isHere) call.request = { hash, isHere, place }
  }
  const early = (place: Place): void =>
    report(
      broken(
        'order-wrong',
        place,
        `${entryAt(place)} was durable before the request it belongs to`,
      ),
    )

  const about = (facts: EntryFacts, entry: CheckedEntry): void => {
    const { id, index, committed, hash } = entry
    const place = { id, index }
    if (facts.type === 'refusal') callOf(facts.call).isRefused = true
    if (facts.type === 'request') {
      const call = callOf(facts.call)
      name(call, hash, place, true)
      call.askedAt = committed
      if (call.endedAt !== undefined && call.endedAt < committed) early({ id: `${facts.call}~end` })
      if (facts.decision.effect === 'require-approval')
        call.needsLeave = { ...facts.principal, grant: facts.grant }
      else delete call.released
    }
    if ('request' in facts) {
      const call = callOf(facts.call)
      name(call, facts.request, place, false)
      if (call.askedAt !== undefined && committed < call.askedAt) early(place)
      if (facts.type === 'outcome') call.endedAt = committed
      const isDelivery =
        facts.type === 'page' || (facts.type === 'outcome' && RAN.has(facts.outcome))
      const mayNeedLeave = call.askedAt === undefined || call.needsLeave !== undefined
      if (isDelivery && mayNeedLeave && committed < (call.released?.at ?? Infinity))
        call.released = { at: committed, place }
    }
  }
  return {
    add: (entry) => about(entry.facts, entry),
    addLeaf({ id, index, hash, committed }) {
      const [, call = '', what = ''] = /^([a-z2-7]{26})~(request|end|refusal)$/.exec(id) ?? []
      if (what === 'request') {
        name(callOf(call), hash, { id, index }, true)
        callOf(call).askedAt = committed
      }
      if (what === 'end') callOf(call).endedAt = committed
      if (what === 'refusal') callOf(call).isRefused = true
    },
    finish({ leaveOf, isCut, madeAt }) {
      let open = 0
      let leaveUnknown = 0
      for (const [id, call] of all) {
        const { request, askedAt, endedAt, isRefused, released, needsLeave } = call
        if (isRefused === true && request !== undefined)
          report(
            broken(
              'refused-and-made',
              request.place,
              `call ${quoted(id)} was refused, and was made as well`,
            ),
          )
        if (request !== undefined && !request.isHere && !isCut)
          report(
            missing(
              'request-missing',
              request.place,
              `${entryAt(request.place)} belongs to call ${quoted(id)}, whose request is not in the bundle`,
            ),
          )
        const leave = needsLeave && leaveOf(id, needsLeave)
        if (leave === 'unknown' && released !== undefined) leaveUnknown += 1
        const problem = leave && released && leaveProblem(leave, released)
        if (problem !== undefined) report(problem)
        if (askedAt === undefined || endedAt !== undefined) continue
        if (leave === 'awaited' || askedAt + DAY_US > madeAt) open += 1
        else
          report(
            missing(
              'call-without-end',
              { id: `${id}~request`, index: request?.place.index },
              `call ${quoted(id)} has no end, a day after it was asked`,
            ),
          )
      }
      return { calls: all.size, open, leaveUnknown }
    },
  }
}

/** Outcomes of calls that ran, for all that is known of them. */
const RAN: ReadonlySet<string> = new Set(['released', 'executed-not-delivered'])

function leaveProblem(
  leave: Leave,
  { at, place }: { readonly at: number; readonly place: Place },
): Problem | undefined {
  const none = (why: string) =>
    broken(
      'released-without-leave',
      place,
      `${entryAt(place)} delivered what needed approval: ${why}`,
    )
  if (leave === 'unknown') return undefined
  if (leave === 'awaited') return none('nobody had decided, or started it')
  if ('none' in leave) return none(leave.none)
  return leave.at <= at
    ? undefined
    : broken(
        'released-before-leave',
        place,
        `${entryAt(place)} was delivered before leave for it was on the record`,
      )
}
