import type { SqlType } from '../types/sql-type.ts'
import type { RoutineReference, TableReference } from './reference.ts'

/** A SQL function or table function. */
export interface Routine {
  readonly reference: RoutineReference
  readonly kind: 'SCALAR_FUNCTION' | 'TABLE_VALUED_FUNCTION'
  readonly arguments: readonly RoutineArgument[]
  /** Absent when it depends on the arguments (`ANY TYPE`), and for table functions. */
  readonly returnType?: SqlType
  /** The columns of a table function's result. */
  readonly returnColumns?: readonly { readonly name: string; readonly type: SqlType }[]
  /** The body as its author wrote it. */
  readonly body: string
  /** The body with every table under the name that the engine knows it by. */
  readonly runnableBody: string
  /** The tables it reads, by itself or through others. */
  readonly tables: readonly TableReference[]
  /** The routines its body calls, each with the path by which it does. */
  readonly calls: readonly RoutineCall[]
  readonly version: number
  readonly creationTime: number
}

export interface RoutineArgument {
  readonly name: string
  /** Absent for `ANY TYPE`. */
  readonly type?: SqlType
}

/** A routine and the identifiers by which SQL calls it. */
export interface RoutineCall {
  readonly path: readonly string[]
  readonly routine: Routine
}
