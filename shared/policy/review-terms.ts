import type { ApprovalHours } from './approval-terms.ts'

/** From which figures on a call is worth a look; `record.review` in the policy. */
export interface ReviewTerms {
  /** When what is governed is usually read. */
  readonly hours: ApprovalHours
  /** Rows one call hands out. */
  readonly massReadRows: number
  /** So many denials of one principal in so long. */
  readonly denials: number
  readonly denialsWithinMs: number
  /** So many calls of one principal with the same statement, or on the same table, in so long. */
  readonly similarCalls: number
  readonly similarWithinMs: number
}
