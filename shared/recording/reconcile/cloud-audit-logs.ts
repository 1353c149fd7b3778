import type { RecordedJob } from '../envelope.ts'
import type { PastJob, TimeSpan } from './job-history.ts'

/** Rows of a table that went past every job: a session of the Storage Read API. */
export interface ReadSession {
  /** Its names, as those of a job. */
  readonly session: RecordedJob
  /** The address of the account. */
  readonly account: string
}

/** Some of what the logs have. */
export interface AuditedPage {
  /** Jobs that ended, in whatever project. */
  readonly jobs: readonly PastJob[]
  readonly readSessions: readonly ReadSession[]
}

/**
 * Port. What BigQuery's data access logs say that these accounts did in this time, wherever they did it; without
 * Sluice's own questions. Rejects when it cannot be read.
 */
export type CloudAuditLogs = (
  span: TimeSpan,
  accounts: readonly string[],
) => AsyncIterable<AuditedPage>
