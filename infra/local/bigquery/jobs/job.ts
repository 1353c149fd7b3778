import type { BigQueryError } from '../errors.ts'
import type { Outcome } from '../sql/execute.ts'
import type { PlanFacts } from '../sql/plan.ts'
import type { Json } from './json.ts'

/** BigQuery's `JobReference`. */
export interface JobReference {
  readonly projectId: string
  readonly jobId: string
  readonly location: string
}

/** A query job. Changed only by the runner. */
export interface Job {
  readonly reference: JobReference
  /** `configuration` as the client sent it. */
  readonly configuration: Readonly<Record<string, Json>>
  readonly sql: string
  /** The address of who started it. */
  readonly user: string
  readonly labels: Readonly<Record<string, string>>
  readonly creationTime: number
  /** The names under which an anonymous table holds its result. */
  readonly anonymousTable: { readonly datasetId: string; readonly tableId: string }
  state: 'PENDING' | 'RUNNING' | 'DONE'
  startTime?: number
  endTime?: number
  facts?: PlanFacts
  outcome?: Outcome
  problem?: BigQueryError
  /** Settles when the job is done, well or not. */
  readonly done: Promise<void>
  /** Ends the job with this problem, unless it is done. */
  readonly stop: (problem: BigQueryError) => void
}
