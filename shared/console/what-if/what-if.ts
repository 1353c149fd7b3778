import type { Clock } from '../../kernel/clock.ts'
import type { Policy } from '../../policy/policy.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import { token } from '../../recording/search/token.ts'
import type { Span } from '../overview/buckets.ts'
import { newestCalls } from '../overview/newest-calls.ts'
import type { WhatIfReport } from '../views/policy-view.ts'
import { type LookedAt, compareCall } from './compared-call.ts'
import { rememberingCatalog } from './remembering-catalog.ts'
import { reportOf } from './report-of.ts'
import type { WhatIfPorts } from './what-if-ports.ts'

/** How much is compared while somebody waits. */
export interface WhatIfLimits {
  readonly calls: number
  readonly ms: number
}

/** So many calls, and so long. */
const usualWhatIfLimits: WhatIfLimits = { calls: 2_000, ms: 60_000 }

/** How far a comparison has come. */
export interface WhatIfProgress {
  readonly done: number
  readonly of: number
}

/**
 * What a candidate would have said to the calls of a span of time, newest first, beside what the record says was decided.
 * Limits, budgets and kill switches are not played through. Yields how far it has come, and returns the report. Rejects
 * when store, index or secrets cannot be had.
 */
export async function* whatIf(
  ports: WhatIfPorts & { readonly index: Pick<SearchIndex, 'find'>; readonly clock: Clock },
  policies: { readonly candidate: Policy; readonly inForce: Policy },
  span: Span,
  limits: WhatIfLimits = usualWhatIfLimits,
): AsyncGenerator<WhatIfProgress, WhatIfReport> {
  const until = ports.clock() + limits.ms
  const query = { tokens: [token('is', 'call')], ...span }
  const { calls, isAll } = await newestCalls(ports.index, query, limits.calls)
  const asking = { ...ports, catalog: rememberingCatalog(ports.catalog) }
  const looked: LookedAt[] = []
  for (const call of calls) {
    if (ports.clock() >= until) break
    // oxlint-disable-next-line no-await-in-loop -- one after the other: what is asked now goes before
    looked.push(await compareCall(asking, policies, call))
    yield { done: looked.length, of: calls.length }
  }
  return reportOf(looked, {
    digest: policies.candidate.digest,
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    isAll: isAll && looked.length === calls.length,
  })
}
