import type { SqlField, SqlType } from '../bigquery/sql-type.ts'
import type { Result } from '../kernel/result.ts'
import type { AnalysisProblem } from './analysis.ts'
import type { ColumnName, ColumnUse, FlowTree, Lineage } from './lineage.ts'

/** A table, view or set of tables that a path in the SQL names. */
export interface Relation {
  /** The path, as `tableNames` of the engine gives it. */
  readonly path: readonly string[]
  readonly columns: readonly RelationColumn[]
  /** What reading it lets depend on columns, whatever is read: the filters of a view. */
  readonly uses: readonly ColumnUse[]
  /** Columns that are read whatever of it is used: a view may be read whole, and what it costs tells of them. */
  readonly reads?: readonly ColumnName[]
  /** Routines that run when it is read. */
  readonly routines: readonly string[]
}

export interface RelationColumn extends SqlField {
  /** Read by name only, not by `*`. */
  readonly isPseudo: boolean
  /** Of a base table the column itself, a `copy`; of a view what its query makes of base columns. */
  readonly flow: FlowTree
}

/** A scalar function that is not GoogleSQL's own. Whatever goes in flows into what comes out. */
export interface RoutineSignature {
  /** The path, as the SQL writes it: `['acme.hospital.mask_ssn']` or `['acme', 'hospital', 'mask_ssn']`. */
  readonly path: readonly string[]
  /** `project.dataset.routine`. */
  readonly name: string
  readonly arguments: readonly (SqlType | undefined)[]
  readonly returnType: SqlType
  /** What its body reads by itself. */
  readonly sources: ReadonlyMap<ColumnName, 'derived' | 'implicit'>
  readonly uses: readonly ColumnUse[]
  readonly routines: readonly string[]
  readonly mayFail: boolean
}

export interface TraceRequest {
  /** One statement, in canonical form. */
  readonly sql: string
  readonly relations: readonly Relation[]
  readonly functions: readonly RoutineSignature[]
  /** By name in lower case, or by position. */
  readonly parameters:
    | { readonly mode: 'named'; readonly types: ReadonlyMap<string, SqlType> }
    | { readonly mode: 'positional'; readonly types: readonly SqlType[] }
}

/** What traces one statement over relations that are known; knows nothing of BigQuery. */
export type Trace = (request: TraceRequest) => Promise<Result<Lineage, AnalysisProblem>>
