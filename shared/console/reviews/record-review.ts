import { newCallId } from '../../recording/call-id.ts'
import { createOrFail } from '../../recording/create-or-fail.ts'
import type { RecordedPrincipal } from '../../recording/envelope.ts'
import type { Recorder } from '../../recording/recorder.ts'
import type { ReviewedEntry } from '../../recording/upkeep-entry.ts'

/** What a reviewer says. */
export type Said = Pick<ReviewedEntry, 'from' | 'to' | 'query' | 'verdict' | 'findings'>

/** Puts a review on the record. Rejects when it may not be there. */
export async function recordReview(
  recorder: Recorder,
  by: RecordedPrincipal,
  said: Said,
): Promise<ReviewedEntry> {
  const review = newCallId(recorder.random)
  const entry: ReviewedEntry = {
    v: 1,
    type: 'reviewed',
    id: `review~${review}`,
    at: recorder.clock(),
    by,
    review,
    ...said,
  }
  await createOrFail(recorder, entry)
  return entry
}
