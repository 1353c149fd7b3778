import type { DatasetReference, TableReference } from '../bigquery/reference.ts'
import type { SqlField, SqlType } from '../bigquery/sql-type.ts'
import type { Result } from '../kernel/result.ts'

/** A column of a table's schema. */
export interface CatalogColumn extends SqlField {
  /** Resource names of BigQuery policy tags. */
  readonly policyTags: readonly string[]
  /** Of a STRUCT or an ARRAY of it: its fields, with tags of their own. */
  readonly fields: readonly CatalogColumn[]
}

/** What `tables.get` says of a table or view. */
export interface CatalogTable {
  /** As BigQuery spells it, which in a case-insensitive dataset need not be as it was asked for. */
  readonly reference: TableReference
  /** BigQuery's `type`: `TABLE`, `VIEW`, `MATERIALIZED_VIEW`, `EXTERNAL`, `SNAPSHOT`, … */
  readonly type: string
  /** Changes with the schema, the definition and the policy tags. */
  readonly etag: string
  readonly columns: readonly CatalogColumn[]
  /** `_PARTITIONTIME`, `_PARTITIONDATE`, `_TABLE_SUFFIX`, `_FILE_NAME`: read by name, not by `*`. */
  readonly pseudoColumns: readonly SqlField[]
  /** Of a view: its query. */
  readonly view: { readonly query: string; readonly useLegacySql: boolean } | undefined
}

/** What `routines.get` says of a routine. */
export interface CatalogRoutine {
  /** `project.dataset.routine`. */
  readonly name: string
  /** BigQuery's `routineType`: `SCALAR_FUNCTION`, `TABLE_VALUED_FUNCTION`, `PROCEDURE`, … */
  readonly type: string
  /** `SQL`, `JAVASCRIPT`, `PYTHON`, … */
  readonly language: string
  readonly etag: string
  /** A type that is undefined is `ANY TYPE`. */
  readonly arguments: readonly { readonly name: string; readonly type: SqlType | undefined }[]
  readonly returnType: SqlType | undefined
  readonly definitionBody: string
  /** Runs outside BigQuery: a remote function or a connection. */
  readonly isRemote: boolean
}

export type CatalogProblem =
  | { readonly problem: 'not-in-catalog'; readonly what: string }
  /** It is there and is not what Sluice can reason about; `what` is for the caller. */
  | { readonly problem: 'not-understood'; readonly hint: string }

/**
 * Port. What BigQuery says about tables and routines, asked with the connection's credential and shown
 * to nobody who may not query them. Remembers answers for some seconds. Rejects when BigQuery cannot
 * be asked.
 */
export interface Catalog {
  table(table: TableReference): Promise<Result<CatalogTable, CatalogProblem>>
  routine(
    dataset: DatasetReference,
    routineId: string,
  ): Promise<Result<CatalogRoutine, CatalogProblem>>
  /** The tables whose ids begin with `prefix`, of at most `most`; a problem when there are more. */
  tablesLike(
    dataset: DatasetReference,
    prefix: string,
  ): Promise<Result<readonly TableReference[], CatalogProblem>>
}
