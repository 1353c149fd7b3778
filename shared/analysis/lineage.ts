import type { SqlField, SqlType } from '../bigquery/sql-type.ts'

/**
 * A column of a table that is not a view, down to a field of a STRUCT: `project.dataset.table.visits.notes`.
 * Spelled as its schema spells it; two are the same if they are equal but for case. A pseudo-column and
 * a column of INFORMATION_SCHEMA are columns too.
 */
export type ColumnName = string

/**
 * How a column reaches a value. `copy`: the value is that of the column, as it is. `count`: it is what
 * one aggregate function made of the column, as it is. `derived`: it was computed from it. `implicit`: the
 * column decides which value stands there (a CASE condition, the order in an aggregate, a window).
 */
export type Flow = 'copy' | Count | 'derived' | 'implicit'

/** `count:` and the function in upper case; only of an argument that no other column has part in. */
export type Count = `count:${string}`

/** What reaches a value and each of its parts. Shaped like its type, as far as that is known. */
export interface FlowTree {
  /**
   * What reaches the value as a whole: of a scalar all of it; of an ARRAY how many elements it has and
   * whether it is NULL, of a STRUCT whether it is NULL. Holds for its parts too.
   */
  readonly sources: ReadonlyMap<ColumnName, Flow>
  /** Of a STRUCT whose fields are told apart, one for each field. */
  readonly fields?: readonly FlowTree[]
  /** Of an ARRAY whose elements are told from its length. */
  readonly element?: FlowTree
}

/** A value the statement hands out or writes. */
export interface OutputColumn extends SqlField {
  readonly flow: FlowTree
}

/**
 * What a statement lets depend on a column, other than a value it hands out. `failure`: whether it fails,
 * by a cast, a division, `ERROR(…)`.
 */
export const columnUses = [
  'failure',
  'filter',
  'group',
  'join',
  'limit',
  'order',
  'set-operation',
  'window',
] as const

export type Use = (typeof columnUses)[number]

export interface ColumnUse {
  readonly column: ColumnName
  readonly use: Use
  /** What may fail, such as `CAST`, for the caller to change; undefined for other uses. */
  readonly by?: string | undefined
}

/** A column the statement writes. `name` is a column of the target, or a path into it. */
export interface WrittenColumn {
  readonly target: ColumnName
  readonly type: SqlType
  readonly flow: FlowTree
}

/** What flows where in one statement; views and routines are taken apart. Never less than what does. */
export interface Lineage {
  /** The columns of the result, in order; empty when the statement has none. */
  readonly outputs: readonly OutputColumn[]
  readonly writes: readonly WrittenColumn[]
  /** Sorted, without doubles. */
  readonly uses: readonly ColumnUse[]
  /** Every column that is read for whatever reason, sorted. */
  readonly columns: readonly ColumnName[]
  /** `project.dataset.routine` of every routine that runs, sorted. */
  readonly routines: readonly string[]
  /** Whether it can fail for some data, or some parameters, at all. */
  readonly mayFail: boolean
}
