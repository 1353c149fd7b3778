import type { ColumnName } from '../analysis/lineage.ts'
import type { TableReference } from '../bigquery/reference.ts'

/** That a column was written from masked ones, so that their masks go with the data. */
export interface DerivedTag {
  readonly column: ColumnName
  /**
   * The masked columns it was written from, or resource names of their BigQuery policy tags; what policy says
   * of them, it says of `column`.
   */
  readonly sources: readonly string[]
  /** Whether it holds them as they are; if not, it is masked with a constant. */
  readonly isCopy: boolean
}

/**
 * Port. Tags only grow: nothing here takes one away, so what was written before a table was emptied
 * or replaced still counts. Both methods reject when the store cannot be reached.
 */
export interface DerivedTags {
  /** Tags of the columns of these tables. */
  of(tables: readonly TableReference[]): Promise<readonly DerivedTag[]>
  /** Resolves once they are durable; adding one again changes nothing. */
  add(tags: readonly DerivedTag[]): Promise<void>
}
