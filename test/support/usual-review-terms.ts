import { reviewSchema } from '../../shared/policy/review-schema.ts'

/** What a policy that says nothing of `record.review` has flagged. */
export const usualReviewTerms = reviewSchema.parse({})
