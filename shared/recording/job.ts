import type { Result } from '../kernel/result.ts'
import type { CursorProblem } from './entry-store.ts'
import type { ReleaseTerms } from './release-terms.ts'

/**
 * Whose a BigQuery job is and which request entry it runs under. BigQuery itself cannot tell: every
 * job belongs to the one credential.
 */
export interface JobRecord {
  readonly projectId: string
  readonly jobId: string
  readonly location: string | undefined
  readonly connection: string
  /** `jobOwner`. */
  readonly owner: string
  readonly call: string
  readonly session: string
  /** Hash of the request entry, hex. */
  readonly request: string
  /** SHA-256, hex, of the canonical JSON of the call as sent to BigQuery, labels aside: a second claim with another digest is another request. */
  readonly effectiveDigest: string
  readonly dryRun: boolean
  /** The grant it has leave by, or waits for before BigQuery hears of it; undefined for one that policy permitted. */
  readonly grant?: string | undefined
  readonly release: ReleaseTerms
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * Port. Jobs by `projectId` and `jobId`; a job id is claimed once, for ever.
 *
 * Every method rejects when the store cannot be reached; nothing is then known, and calling again
 * with the same values is safe.
 */
export interface Jobs {
  /** `claimed` once durable (also if the same record was there already), else the first claim. */
  claim(job: JobRecord): Promise<'claimed' | { readonly existing: JobRecord }>
  find(projectId: string, jobId: string): Promise<JobRecord | undefined>
  /** Newest first by `at`, then by job id, descending; at most `limit`. */
  list(query: JobQuery): Promise<Result<JobPage, CursorProblem>>
  /**
   * Remembers that `table` (`project.dataset.table`) is the anonymous result table of `job`. Every
   * job that had the same cached result keeps its own link.
   */
  linkResultTable(table: string, job: JobRecord): Promise<void>
  /** The newest job of `owner` that was linked to `table`; others' jobs do not exist. */
  findByResultTable(table: string, owner: string): Promise<JobRecord | undefined>
}

interface JobQuery {
  readonly owner: string
  readonly projectId: string
  readonly limit: number
  /** The cursor that the last page of the same query returned. */
  readonly before: string | undefined
}

interface JobPage {
  readonly jobs: readonly JobRecord[]
  /** Opaque; absent on the last page. */
  readonly before: string | undefined
}
