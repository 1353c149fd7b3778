import { formatTable, type TableReference } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type { AnalysisProblem, NameDefaults } from './analysis.ts'
import type { Statement } from './statement.ts'
import { pathParts, type SyntaxNode } from './syntax-tree.ts'
import { resolveTableName, wildcardPrefix } from './table-name.ts'

/** A path in the SQL and the table it names. */
export interface NamedTable {
  readonly path: SyntaxNode
  /** Of a wildcard, what stands before the `*`. */
  readonly table: TableReference
  readonly isWildcard: boolean
}

/** Every table of a statement, the target last. */
export interface NamedTables {
  readonly reads: readonly NamedTable[]
  readonly target: NamedTable | undefined
}

/**
 * Resolves every table name of `statement`, or says what is wrong with the first that does not. A wildcard is one
 * only if `wildcards` says so.
 */
export function nameTables(
  statement: Statement,
  defaults: NameDefaults,
  wildcards: boolean,
): Result<NamedTables, AnalysisProblem> {
  const reads: NamedTable[] = []
  for (const path of statement.reads) {
    const parts = pathParts(path) ?? []
    const prefix = wildcards ? wildcardPrefix(parts) : undefined
    const table = resolveTableName(prefix ?? parts, defaults)
    if (!table.ok) return table
    const isWildcard = prefix !== undefined
    if (isWildcard && table.value.tableId.includes('.')) {
      return err({ problem: 'not-understood', hint: 'INFORMATION_SCHEMA has no wildcards' })
    }
    reads.push({ path, table: table.value, isWildcard })
  }
  const { target: path } = statement
  if (path === undefined) return ok({ reads, target: undefined })
  const table = resolveTableName(pathParts(path) ?? [], defaults)
  if (!table.ok) return table
  if (table.value.tableId.includes('.')) {
    return err({ problem: 'not-understood', hint: 'INFORMATION_SCHEMA cannot be written' })
  }
  return ok({ reads, target: { path, table: table.value, isWildcard: false } })
}

/** Sorted by name, without doubles and without wildcards. */
export function distinctTables(tables: readonly NamedTable[]): readonly TableReference[] {
  const plain = tables.filter(({ isWildcard }) => !isWildcard)
  const byName = new Map(plain.map(({ table }) => [formatTable(table), table]))
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, table]) => table)
}
