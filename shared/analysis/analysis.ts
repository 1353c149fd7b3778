import type { QueryParameter } from '../bigquery/query-parameter.ts'
import type { DatasetReference, ProjectId, TableReference } from '../bigquery/reference.ts'
import type { Result } from '../kernel/result.ts'
import type { Catalog } from './catalog.ts'
import type { ColumnName, Lineage } from './lineage.ts'

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
  /** What flows where; undefined when only names were asked for. */
  readonly touched: Touched | undefined
}

/** What a statement does with columns, and what BigQuery says of those. */
export interface Touched {
  readonly lineage: Lineage
  /** BigQuery policy tags of the columns in `lineage`, for those that have some. */
  readonly policyTags: ReadonlyMap<ColumnName, readonly string[]>
  /** Everything that was looked up to know this, with its etag; tables under views too. */
  readonly sources: readonly CatalogSource[]
}

/**
 * `kind` says whether `name` is `project.dataset.table`, `project.dataset.routine`, or a wildcard like
 * `project.dataset.events_*`, whose etag changes with the list of tables it stands for.
 */
export interface CatalogSource {
  readonly kind: 'table' | 'tables' | 'routine'
  readonly name: string
  readonly etag: string
  /** A view, or one of the tables of a wildcard: BigQuery's dry run need not list it. */
  readonly unlisted?: true
}

export type AnalysisProblem =
  /** GoogleSQL's own message, as BigQuery would give it: `Syntax error: … at [1:8]`. */
  | { readonly problem: 'syntax-error'; readonly message: string }
  /** Valid or not, Sluice cannot say what it does; `hint` tells the caller what to change. */
  | { readonly problem: 'not-understood'; readonly hint: string }
  /** A table or routine it names is not there: `Table acme:hospital.x`. */
  | { readonly problem: 'not-in-catalog'; readonly what: string }
  /** The analyzer is down or died; nothing is known. */
  | { readonly problem: 'analyzer-unavailable' }

/** What unqualified names in the SQL mean. */
export interface NameDefaults {
  readonly projectId: ProjectId
  readonly defaultDataset: DatasetReference | undefined
}

/** What it takes to say what flows where, besides the text. */
export interface Schemas {
  readonly catalog: Catalog
  /** As the request has them. */
  readonly parameters: readonly QueryParameter[]
  /** BigQuery's `parameterMode`. */
  readonly parameterMode: string | undefined
}

/**
 * Port. Never guesses: what it does not understand is a problem, not an empty list. With `schemas` the
 * analysis has `touched`, or there is a problem. With `later` it is one by names that allows for routines, which
 * read tables that it does not name: the caller asks again with schemas before anything is permitted.
 */
export type Analyze = (
  sql: string,
  defaults: NameDefaults,
  schemas?: Schemas | 'later',
) => Promise<Result<Analysis, AnalysisProblem>>
