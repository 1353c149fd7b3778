/**
 * Whose a BigQuery job is and which request entry it runs under. BigQuery itself cannot tell: every
 * job belongs to the one credential.
 */
export interface JobRecord {
  readonly projectId: string
  readonly jobId: string
  readonly location: string | undefined
  readonly connection: string
  /** `principalKey` of the owner. */
  readonly owner: string
  readonly call: string
  readonly session: string
  /** Hash of the request entry, hex. */
  readonly request: string
  /** `RequestEntry.effectiveDigest`: a second claim with another digest is another request. */
  readonly effectiveDigest: string
  readonly dryRun: boolean
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * Port. Jobs by `projectId` and `jobId`; a job id is claimed once, for ever.
 *
 * Every method rejects when the store cannot be reached; nothing is then known.
 */
export interface Jobs {
  /** `claimed` once durable (also if the same record was there already), else the first claim. */
  claim(job: JobRecord): Promise<'claimed' | { readonly existing: JobRecord }>
  find(projectId: string, jobId: string): Promise<JobRecord | undefined>
  /** Newest first; at most `limit`. `before` is the cursor the last page returned. */
  list(query: {
    readonly owner: string
    readonly projectId: string
    readonly limit: number
    readonly before: string | undefined
  }): Promise<{ readonly jobs: readonly JobRecord[]; readonly before: string | undefined }>
  /** Remembers that `table` (`project.dataset.table`) is the anonymous result table of a job. */
  linkResultTable(table: string, job: { projectId: string; jobId: string }): Promise<void>
  findByResultTable(table: string): Promise<JobRecord | undefined>
}
