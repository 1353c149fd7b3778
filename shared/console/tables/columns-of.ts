import type { CatalogColumn, CatalogTable } from '../../analysis/catalog.ts'
import { formatTable } from '../../bigquery/reference.ts'
import type { SqlType } from '../../bigquery/sql-type.ts'
import type { DerivedTag } from '../../policy/derived-tags.ts'
import type { Governance } from '../../policy/governance.ts'
import { readingColumns } from '../../policy/reading-columns.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import { timeOf } from '../calls/person-of.ts'
import type { TableView } from '../views/table-view.ts'
import { columnProtection } from './column-protection.ts'

type Column = NonNullable<TableView['columns']>[number]

const MOST = 2_000

/**
 * The columns of a table as BigQuery has them, fields after what they lie in, at most 2,000: what the policy in force puts on
 * each, and how many of the calls read it, or let it decide something.
 */
export function columnsOf(
  table: CatalogTable,
  governance: Governance,
  derived: readonly DerivedTag[],
  calls: readonly CallDocument[],
): Column[] {
  const protectionOf = columnProtection(governance, readingColumns(table, derived))
  const used = usesOf(calls)
  return flat(table.columns, formatTable(table.reference))
    .slice(0, MOST)
    .map(({ path, type }) => {
      const { mask, tags } = protectionOf(path)
      const { read, filteredOn, lastReadAt } = used(path)
      return {
        column: path,
        type,
        mask,
        tags: tags.map((tag) => ({ ...tag })),
        read,
        filteredOn,
        lastReadAt: lastReadAt === undefined ? undefined : timeOf(lastReadAt),
      }
    })
}

interface Uses {
  readonly read: number
  readonly filteredOn: number
  readonly lastReadAt: number | undefined
}

/** Read is what something left of: a query that was denied has read nothing, and a dry run neither. */
function usesOf(calls: readonly CallDocument[]): (column: string) => Uses {
  const released = calls.filter(({ outcome, dryRun }) => outcome === 'released' && !dryRun)
  const sets = released.map(({ at, columns, filterColumns }) => ({
    at,
    columns: new Set(columns.map(folded)),
    filterColumns: new Set(filterColumns.map(folded)),
  }))
  return (column) => {
    const name = folded(column)
    const reads = sets.filter(({ columns }) => columns.has(name))
    return {
      read: reads.length,
      filteredOn: sets.filter(({ filterColumns }) => filterColumns.has(name)).length,
      lastReadAt: reads.length === 0 ? undefined : Math.max(...reads.map(({ at }) => at)),
    }
  }
}

const folded = (name: string): string => name.toLowerCase()

function flat(
  columns: readonly CatalogColumn[],
  above: string,
): readonly { readonly path: string; readonly type: string }[] {
  return columns.flatMap((column) => {
    const path = `${above}.${column.name}`
    return [{ path, type: typeText(column.type) }, ...flat(column.fields, path)]
  })
}

function typeText(type: SqlType): string {
  return 'element' in type ? `${type.kind}<${typeText(type.element)}>` : type.kind
}
