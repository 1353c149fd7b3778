import { isMeant } from './principal-tokens.ts'
import { queryTokens } from './query-tokens.ts'
import type { CallDocument } from './search-document.ts'
import type { SearchFilter } from './search-filter.ts'
import { tokensOf } from './tokens-of.ts'

/** Whether a filter selects a call. */
export function matches(filter: SearchFilter, call: CallDocument): boolean {
  const { from, to } = span(filter)
  if ((from !== undefined && call.at < from) || (to !== undefined && call.at >= to)) return false
  const tokens = new Set(tokensOf(call))
  return queryTokens(filter).every((token) => tokens.has(token)) && matchesExactly(filter, call)
}

/** What tokens leave open of a call that has them: letters of subjects and ids, and bytes. */
export function matchesExactly(filter: SearchFilter, call: CallDocument): boolean {
  const { principal, approver, session, job, minBytes, maxBytes } = filter
  return (
    (principal ?? []).every((typed) => isMeant(typed, call.principal)) &&
    (approver ?? []).every((typed) => call.approvers.some((each) => isApprover(typed, each))) &&
    (session === undefined || session === call.session?.id) &&
    (job === undefined || isJob(job, call)) &&
    (minBytes === undefined || (call.bytesProcessed ?? -1) >= minBytes) &&
    (maxBytes === undefined || (call.bytesProcessed ?? Infinity) <= maxBytes)
  )
}

/** From (inclusive) to (exclusive), epoch milliseconds. Throws for what is no time. */
export function span({ from, to }: Pick<SearchFilter, 'from' | 'to'>): {
  readonly from: number | undefined
  readonly to: number | undefined
} {
  return { from: instant(from), to: instant(to) }
}

function instant(time: string | undefined): number | undefined {
  if (time === undefined) return undefined
  const at = Date.parse(time)
  if (Number.isNaN(at)) throw new RangeError(`not a time \`${time}\``)
  return at
}

function isApprover(typed: string, { key, name }: CallDocument['approvers'][number]): boolean {
  const [issuer = '', ...rest] = key.split(' ')
  return isMeant(typed, { issuer, subject: rest.join(' '), email: name })
}

function isJob(typed: string, { job }: CallDocument): boolean {
  return job !== undefined && (typed === job.jobId || typed === `${job.projectId}:${job.jobId}`)
}
