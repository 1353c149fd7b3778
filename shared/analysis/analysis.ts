import type { DatasetReference, ProjectId, TableReference } from '../bigquery/reference.ts'
import type { Result } from '../kernel/result.ts'

/** BigQuery's `statementType` names for the statements Sluice can tell apart. */
export type StatementType =
  | 'SELECT'
  | 'INSERT'
  | 'UPDATE'
  | 'DELETE'
  | 'MERGE'
  | 'TRUNCATE_TABLE'
  | 'CREATE_TABLE'
  | 'CREATE_TABLE_AS_SELECT'
  | 'CREATE_VIEW'
  | 'DROP_TABLE'
  | 'DROP_VIEW'

/** What a statement would do, as far as Sluice could prove. */
export interface Analysis {
  readonly statementType: StatementType
  /** The text that is decided on, recorded and executed: comments and escapes are gone. */
  readonly canonicalSql: string
  /** `canonicalSql` with every literal replaced by `?`. Holds no value a caller typed. */
  readonly strippedSql: string
  /** SHA-256 of `strippedSql`, hex: equal for queries that differ only in their values. */
  readonly fingerprint: string
  /** Tables and views read, by the names in the statement, sorted, without doubles. */
  readonly tables: readonly TableReference[]
  /** Tables and views written, created or dropped. */
  readonly targets: readonly TableReference[]
}

export type AnalysisProblem =
  /** GoogleSQL's own message, as BigQuery would give it: `Syntax error: … at [1:8]`. */
  | { readonly problem: 'syntax-error'; readonly message: string }
  /** Valid or not, Sluice cannot say what it does; `hint` tells the caller what to change. */
  | { readonly problem: 'not-understood'; readonly hint: string }
  /** The analyzer is down or died; nothing is known. */
  | { readonly problem: 'analyzer-unavailable' }

/** What unqualified names in the SQL mean. */
export interface NameDefaults {
  readonly projectId: ProjectId
  readonly defaultDataset: DatasetReference | undefined
}

/** Port. Never guesses: what it does not understand is a problem, not an empty list. */
export type Analyze = (
  sql: string,
  defaults: NameDefaults,
) => Promise<Result<Analysis, AnalysisProblem>>
