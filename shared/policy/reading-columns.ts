import type { CatalogColumn, CatalogTable } from '../analysis/catalog.ts'
import type { ColumnName, FlowTree, OutputColumn } from '../analysis/lineage.ts'
import { formatTable } from '../bigquery/reference.ts'
import type { DerivedTag } from './derived-tags.ts'
import type { TouchedColumns } from './governed-columns.ts'

/**
 * What reading a table without SQL does with its columns: `SELECT *`. For a part of them, `table` with
 * only these `columns`.
 */
export function readingColumns(
  table: Pick<CatalogTable, 'reference' | 'columns'>,
  derived: readonly DerivedTag[],
): TouchedColumns {
  const columns: ColumnName[] = []
  const policyTags = new Map<ColumnName, readonly string[]>()
  const name = formatTable(table.reference)
  const outputs = table.columns.map((column): OutputColumn => ({
    name: column.name,
    type: column.type,
    flow: flowOf(column, `${name}.${column.name}`),
  }))
  return {
    lineage: {
      outputs,
      writes: [],
      uses: [],
      columns: columns.toSorted(),
      routines: [],
      mayFail: false,
    },
    policyTags,
    derived,
  }

  function flowOf(column: CatalogColumn, path: ColumnName): FlowTree {
    columns.push(path)
    if (column.policyTags.length > 0) policyTags.set(path, column.policyTags)
    const sources = new Map([[path, 'copy' as const]])
    const { type } = column
    const inner = type.kind === 'ARRAY' ? type.element : type
    const fields =
      inner.kind === 'STRUCT'
        ? { fields: column.fields.map((field) => flowOf(field, `${path}.${field.name}`)) }
        : {}
    return type.kind === 'ARRAY'
      ? { sources, element: { sources, ...fields } }
      : { sources, ...fields }
  }
}
