import type { SqlType } from '../bigquery/sql-type.ts'

/** A column of a scan: its id tells it from all others of the statement. */
export interface ResolvedColumn {
  readonly id: string
  readonly name: string
  /** Undefined for a type that BigQuery does not have. */
  readonly type: SqlType | undefined
}

/**
 * A node of GoogleSQL's resolved tree, in our own shape: any release of GoogleSQL, however it is reached, can
 * be read into it. `kind` is GoogleSQL's name for the most derived class, like `ResolvedTableScan`. What
 * a class inherits is among its own members.
 */
export interface ResolvedNode {
  readonly kind: string
  readonly nodes: ReadonlyMap<string, readonly ResolvedNode[]>
  readonly columns: ReadonlyMap<string, readonly ResolvedColumn[]>
  /** Flags, names, numbers and enum values; of a reference to a function its name, to a table its number. */
  readonly texts: ReadonlyMap<string, readonly string[]>
  /** Of an expression. */
  readonly type: SqlType | undefined
}

/** The nodes in a role, in order. */
export function nodesIn(node: ResolvedNode, role: string): readonly ResolvedNode[] {
  return node.nodes.get(role) ?? []
}

/** The one node in a role, or undefined. */
export function nodeIn(node: ResolvedNode, role: string): ResolvedNode | undefined {
  return node.nodes.get(role)?.[0]
}

/** The columns in a role, in order. */
export function columnsIn(node: ResolvedNode, role: string): readonly ResolvedColumn[] {
  return node.columns.get(role) ?? []
}

/** The text in a role; empty when there is none, as GoogleSQL's wire format has it. */
export function textIn(node: ResolvedNode, role: string): string {
  return node.texts.get(role)?.[0] ?? ''
}
