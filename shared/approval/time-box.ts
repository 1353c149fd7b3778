import { principalKey } from '../identity/principal.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Grant, GrantEvent, TimeBox, Vote } from './grant.ts'
import type { Voted } from './latest-votes.ts'
import { standingOf } from './standing.ts'
import { isWithinHours } from './transitions.ts'

/** A query that is to run under a time box. */
export interface BoxUse {
  readonly call: string
  /** `principalKey` of who asks. */
  readonly owner: string
  /** `project.dataset.table` of everything it touches, those under views too. */
  readonly tables: readonly string[]
  readonly statementType: string
  /** It will process at most; undefined when nobody knows. */
  readonly bytes: number | undefined
}

/** Why a time box gives no leave for a query. */
type BoxProblem =
  | { readonly problem: 'no-box' }
  | { readonly problem: 'not-yours' }
  /** It has ended, was revoked, or its time is up. */
  | { readonly problem: 'over' }
  | { readonly problem: 'closed' }
  | { readonly problem: 'other-statement'; readonly granted: string }
  /** It touches a table that nobody granted. */
  | { readonly problem: 'other-table'; readonly table: string }
  | { readonly problem: 'size-unknown' }
  | { readonly problem: 'bytes-used-up'; readonly left: number }
  | { readonly problem: 'uses-used-up' }

/** A grant is read and written as a whole. */
const MOST_USES = 500

/** Leave for one more query under a time box. The same call again makes nothing of it. */
export function useBox(
  grant: Grant,
  { call, owner, tables, statementType, bytes }: BoxUse,
  at: number,
): Result<readonly GrantEvent[], BoxProblem> {
  const { state, box, until, bytesUsed, uses } = standingOf(grant)
  if (principalKey(grant.request.principal) !== owner) return err({ problem: 'not-yours' })
  if (box === undefined) return err({ problem: 'no-box' })
  if (state !== 'active' || until === undefined || at >= until) return err({ problem: 'over' })
  if (grant.events.some((event) => event.type === 'used' && event.call === call)) return ok([])
  if (!isWithinHours(grant, at)) return err({ problem: 'closed' })
  if (statementType !== box.statementType)
    return err({ problem: 'other-statement', granted: box.statementType })
  const stranger = tables.find((table) => !box.tables.includes(table))
  if (stranger !== undefined) return err({ problem: 'other-table', table: stranger })
  if (bytes === undefined || !Number.isSafeInteger(bytes) || bytes < 0)
    return err({ problem: 'size-unknown' })
  const left = Math.max(0, box.maximumBytes - bytesUsed)
  if (bytes > left) return err({ problem: 'bytes-used-up', left })
  if (uses >= MOST_USES) return err({ problem: 'uses-used-up' })
  return ok([{ type: 'used', at, call, bytes }])
}

/** Whether a vote for a time box says how long and how much. */
export function isSound({ durationMs, maximumBytes }: NonNullable<Vote['box']>): boolean {
  return [durationMs, maximumBytes].every((value) => Number.isSafeInteger(value) && value > 0)
}

/**
 * What enough votes give, and for how long: a time box when every yes is one to a time box and all terms have
 * them, the strictest of all; else leave to start the query at hand.
 */
export function boxOf(
  grant: Grant,
  votes: readonly Voted[],
): { readonly box: TimeBox | undefined; readonly forMs: number } {
  const { terms, told, request } = grant
  const asked = votes.flatMap(({ vote }) => (vote.verdict === 'approve' ? [vote.box] : []))
  const boxes = asked.filter((box) => box !== undefined)
  const caps = terms.flatMap(({ timeBox }) => timeBox ?? [])
  if (boxes.length < asked.length || caps.length < terms.length)
    return { box: undefined, forMs: Math.min(...terms.map(({ useWithinMs }) => useWithinMs)) }
  const read = request.sources.flatMap(({ kind, name }) => (kind === 'table' ? [name] : []))
  const tables = [...new Set([...told.tables, ...told.targets, ...read])]
  return {
    forMs: Math.min(
      ...boxes.map(({ durationMs }) => durationMs),
      ...caps.map(({ longestMs }) => longestMs),
    ),
    box: {
      // A wildcard is not the tables that it stands for today.
      tables: tables.filter((name) => !name.includes('*')).toSorted(),
      statementType: told.statementType,
      maximumBytes: Math.min(...[...boxes, ...caps].map(({ maximumBytes }) => maximumBytes)),
    },
  }
}
