import type { QueryParameter } from '../bigquery/query-parameter.ts'
import type { DatasetReference, ProjectId } from '../bigquery/reference.ts'
import type { SqlField } from '../bigquery/sql-type.ts'
import type { UpstreamError } from '../bigquery/upstream-error.ts'
import type { Result } from '../kernel/result.ts'

/** What BigQuery is asked about. Nothing runs, and nothing is billed. */
export interface DryRunRequest {
  /** The project that would be billed. */
  readonly projectId: ProjectId
  readonly sql: string
  /** None for canonical text, in which every name is written out. */
  readonly defaultDataset: DatasetReference | undefined
  readonly parameters: readonly QueryParameter[]
  readonly parameterMode: string | undefined
  readonly location: string | undefined
}

/** What BigQuery says a statement would do. Names are as BigQuery spells them. */
export interface DryRunFacts {
  readonly statementType: string
  /** `project.dataset.table`; those behind views too. BigQuery does not list INFORMATION_SCHEMA. */
  readonly referencedTables: readonly string[]
  /** `project.dataset.routine`. */
  readonly referencedRoutines: readonly string[]
  /** The columns of the result; undefined when there is none. */
  readonly schema: readonly SqlField[] | undefined
  readonly totalBytesProcessed: number
  /** How many parameters the text has that the request gives no value. */
  readonly undeclaredParameters: number
}

export type DryRunProblem =
  /** BigQuery's own error: the caller's mistake, or what the connection may not do. */
  | { readonly problem: 'dry-run-refused'; readonly error: UpstreamError }
  /** BigQuery answered in a way Sluice does not know. */
  | { readonly problem: 'dry-run-not-understood' }

/** Port. Asks BigQuery with the credential of one connection. Rejects when BigQuery cannot be asked. */
export type DryRun = (request: DryRunRequest) => Promise<Result<DryRunFacts, DryRunProblem>>
