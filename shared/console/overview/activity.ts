import type { Overview } from '../views/overview-view.ts'
import type { Span } from './buckets.ts'

/** How many calls of a span were decided how. */
export interface Activity extends Span {
  readonly permit: number
  readonly requireApproval: number
  readonly deny: number
  readonly refused: number
}

/** Activity as the API shows it, with its sums. */
export type Counted = Pick<Overview, 'activity' | 'totals'>

export function activityOf(buckets: readonly Activity[]): Counted {
  const sum = (of: (bucket: Activity) => number) =>
    buckets.reduce((total, bucket) => total + of(bucket), 0)
  return {
    activity: buckets.map(({ from, to, ...counts }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      ...counts,
    })),
    totals: {
      calls: sum(
        ({ permit, requireApproval, deny, refused }) => permit + requireApproval + deny + refused,
      ),
      permit: sum(({ permit }) => permit),
      requireApproval: sum(({ requireApproval }) => requireApproval),
      deny: sum(({ deny }) => deny),
      refused: sum(({ refused }) => refused),
    },
  }
}
