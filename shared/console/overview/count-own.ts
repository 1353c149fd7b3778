import type { CallDocument } from '../../recording/search/search-document.ts'
import { type Activity, type Counted, activityOf } from './activity.ts'
import { type Span, bucketsOf } from './buckets.ts'

/** Calls by bucket and decision. Those outside of the span are left out. */
export function countOwn(calls: readonly CallDocument[], span: Span): Counted {
  const buckets = bucketsOf(span).map((bucket): Activity => {
    const own = calls.filter(({ at }) => at >= bucket.from && at < bucket.to)
    const many = (decision: CallDocument['decision']) =>
      own.filter((call) => call.decision === decision).length
    return {
      ...bucket,
      permit: many('permit'),
      requireApproval: many('require-approval'),
      deny: many('deny'),
      refused: many('refused'),
    }
  })
  return activityOf(buckets)
}
