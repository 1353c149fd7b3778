import type { SearchIndex } from '../../recording/search/search-index.ts'
import { token } from '../../recording/search/token.ts'
import { type Activity, type Counted, activityOf } from './activity.ts'
import { type Span, bucketsOf } from './buckets.ts'

/** Further than this nobody counts in one bucket; what that leaves out is said. */
export const MOST_COUNTED = 10_000

/** All calls of a span by bucket and decision, and whether every count is exact. Rejects as the index does. */
export async function countActivity(
  index: Pick<SearchIndex, 'count'>,
  span: Span,
  most: number = MOST_COUNTED,
): Promise<Counted & { readonly isExact: boolean }> {
  let isExact = true
  const count = async (bucket: Span, decision: string) => {
    const counted = await index.count({ tokens: [token('decision', decision)], ...bucket }, most)
    if (counted >= most) isExact = false
    return counted
  }
  const buckets = await Promise.all(
    bucketsOf(span).map(async (bucket): Promise<Activity> => {
      const [permit, requireApproval, deny, refused] = await Promise.all([
        count(bucket, 'permit'),
        count(bucket, 'require-approval'),
        count(bucket, 'deny'),
        count(bucket, 'refused'),
      ])
      return { ...bucket, permit, requireApproval, deny, refused }
    }),
  )
  return { ...activityOf(buckets), isExact }
}
