import type { CatalogColumn } from '../analysis/catalog.ts'
import type { SqlType } from '../bigquery/sql-type.ts'

/**
 * The columns that `selectedFields` (`id,address.city`) leaves of a table. Undefined when it names what the
 * table does not have, or names it in another order than the table: masks go by position, so there must be
 * no doubt about that.
 */
export function selectColumns(
  columns: readonly CatalogColumn[],
  selectedFields: string,
): readonly CatalogColumn[] | undefined {
  const asked = selectedFields.split(',').map((path) => path.trim().toLowerCase())
  const found: string[] = []
  const selected = pick(columns, '', new Set(asked), found)
  const isInOrder = found.length === asked.length && found.every((path, n) => path === asked[n])
  return isInOrder && selected.length > 0 ? selected : undefined
}

/** What of these columns is asked for; `found` collects the paths that were, in the order of the table. */
function pick(
  columns: readonly CatalogColumn[],
  prefix: string,
  asked: ReadonlySet<string>,
  found: string[],
): readonly CatalogColumn[] {
  return columns.flatMap((column) => {
    const path = `${prefix}${column.name.toLowerCase()}`
    if (asked.has(path)) {
      found.push(path)
      return [column]
    }
    const fields = pick(column.fields, `${path}.`, asked, found)
    return fields.length === 0 ? [] : [{ ...column, fields, type: withFields(column.type, fields) }]
  })
}

function withFields(type: SqlType, fields: readonly CatalogColumn[]): SqlType {
  if (type.kind === 'STRUCT')
    return {
      kind: 'STRUCT',
      fields: fields.map(({ name, type: inner }) => ({ name, type: inner })),
    }
  return type.kind === 'ARRAY' ? { kind: 'ARRAY', element: withFields(type.element, fields) } : type
}
