import type { Column } from '../types/sql-type.ts'
import type { Row } from '../values/value.ts'
import type { TableReference } from './reference.ts'

/** What a FROM clause can name. Never changed, only replaced, so whoever holds one has a snapshot. */
export type Relation = Table | View

export interface Table extends Described {
  readonly kind: 'TABLE'
  readonly rows: readonly Row[]
}

export interface View extends Described {
  readonly kind: 'VIEW'
  /** The SQL after `AS`. */
  readonly query: string
}

interface Described {
  readonly reference: TableReference
  readonly columns: readonly Column[]
  readonly description?: string
  /** Another number for every state of every relation. */
  readonly version: number
  readonly creationTime: number
  readonly lastModifiedTime: number
}
