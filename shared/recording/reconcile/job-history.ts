import type { RecordedJob } from '../envelope.ts'

/** A job as BigQuery itself remembers it. */
export interface PastJob extends RecordedJob {
  readonly location: string
  /** The address of the account it ran as. */
  readonly account: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Id of the script that it is a statement of; undefined for a job that somebody started. */
  readonly parent: string | undefined
  /** As BigQuery has them: `DONE`, `QUERY`, `SELECT`. */
  readonly state: string
  readonly jobType: string | undefined
  readonly statementType: string | undefined
  readonly errorReason: string | undefined
  /** int64 as BigQuery writes it. */
  readonly totalBytesBilled: string | undefined
  /** Sluice's labels, where the job has them. */
  readonly labels: {
    readonly entry: string | undefined
    readonly session: string | undefined
    readonly decision: string | undefined
  }
}

/** Epoch milliseconds: from (inclusive) to (exclusive). */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/** BigQuery remembers jobs by project and location. */
export interface JobPlace {
  readonly projectId: string
  readonly location: string
}

/** Some of the jobs that were asked for. */
export interface JobPage {
  readonly jobs: readonly PastJob[]
  /** Further jobs: Sluice's own questions, proven to be its own; and those of others, which are only counted. */
  readonly ownQuestions: number
  readonly others: number
}

/** Jobs of these accounts and whatever has a `sluice_entry` label; or what has one of these `sluice_entry` labels. */
export type WhichJobs =
  | { readonly accounts: readonly string[] }
  | { readonly entries: readonly string[] }

/**
 * Port. What BigQuery says it ran, in the projects of the policy in force. Every method rejects when BigQuery does
 * not say: nothing is then known.
 */
export interface JobHistory {
  /** Those of the policy. */
  readonly projects: readonly string[]
  /** The time of whose jobs it knows at this moment: a new one appears late, an old one is forgotten. */
  known(now: number): TimeSpan
  /** The accounts that Sluice runs jobs as. */
  accounts(): Promise<readonly string[]>
  /** Where anybody started jobs in this time, of all projects or of one. */
  places(span: TimeSpan, projectId?: string): Promise<readonly JobPlace[]>
  /** Jobs created there and then, page by page, in no order. */
  jobs(place: JobPlace, span: TimeSpan, which: WhichJobs): AsyncIterable<JobPage>
}
