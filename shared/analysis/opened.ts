import type { Result } from '../kernel/result.ts'
import type { AnalysisProblem, CatalogSource, NameDefaults, Touched } from './analysis.ts'
import type { Catalog } from './catalog.ts'
import type { ColumnName } from './lineage.ts'

/** A relation or routine, and all that was looked up for it. */
export interface Opened<T> {
  readonly part: T
  readonly policyTags: ReadonlyMap<ColumnName, readonly string[]>
  readonly sources: readonly CatalogSource[]
  /** Whether reading it can fail for some data. */
  readonly mayFail: boolean
}

/** What it takes to open a table, view or routine. */
export interface Opening {
  readonly catalog: Catalog
  /** What the query of a view, or the body of a routine, called `name`, touches. */
  readonly lookInside: (
    sql: string,
    defaults: NameDefaults,
    name: string,
  ) => Promise<Result<Touched, AnalysisProblem>>
}
