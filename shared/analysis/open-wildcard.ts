import { createHash } from 'node:crypto'

import { formatTable, type TableReference } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type { AnalysisProblem, CatalogSource } from './analysis.ts'
import { baseColumns, policyTagsOf } from './base-columns.ts'
import type { Catalog, CatalogTable } from './catalog.ts'
import type { ColumnName, FlowTree } from './lineage.ts'
import type { Opened } from './opened.ts'
import { sameType } from './same-type.ts'
import type { Relation, RelationColumn } from './trace.ts'
import { either } from './walk/flow.ts'

/**
 * The relation that a wildcard `prefix*` names: all the tables it stands for, which must have the same columns
 * in the same order. BigQuery takes the schema of the newest, so masks by position would go wrong otherwise.
 * `prefix` is the name without the `*`. Rejects as the catalog does.
 */
export async function openWildcard(
  catalog: Catalog,
  path: readonly string[],
  prefix: TableReference,
): Promise<
  Result<Opened<Relation> & { readonly tables: readonly TableReference[] }, AnalysisProblem>
> {
  const listed = await catalog.tablesLike(prefix, prefix.tableId)
  if (!listed.ok) return err(listed.error)
  const found = await Promise.all(listed.value.map((reference) => catalog.table(reference)))
  const tables: CatalogTable[] = []
  for (const each of found) {
    if (!each.ok) return err(each.error)
    tables.push(each.value)
  }
  const [first, ...others] = tables
  const name = `${formatTable(prefix)}*`
  if (first === undefined) {
    const { projectId, datasetId, tableId } = prefix
    return err({ problem: 'not-in-catalog', what: `Table ${projectId}:${datasetId}.${tableId}*` })
  }
  if (tables.some(({ type }) => type !== 'TABLE'))
    return refuse(`name the tables one by one: not all of \`${name}\` are plain tables`)
  if (others.some((other) => !sameColumns(first, other)))
    return refuse(`name the tables one by one: not all of \`${name}\` have the same columns`)
  return ok({
    part: { path, columns: united(tables), uses: [], routines: [] },
    policyTags: joinTags(tables.map(policyTagsOf)),
    sources: [
      { kind: 'tables', name, etag: etagOfList(listed.value) },
      ...tables.map(({ reference, etag }): CatalogSource => {
        return { kind: 'table', name: formatTable(reference), etag, unlisted: true }
      }),
    ],
    mayFail: false,
    tables: tables.map(({ reference }) => reference),
  })
}

/** Changes when a wildcard stands for other tables. */
export function etagOfList(tables: readonly TableReference[]): string {
  const names = tables.map((table) => formatTable(table)).toSorted()
  return createHash('sha256').update(JSON.stringify(names)).digest('base64')
}

function sameColumns(a: CatalogTable, b: CatalogTable): boolean {
  const [ours, theirs] = [columnsOf(a), columnsOf(b)]
  return (
    ours.length === theirs.length &&
    ours.every(({ name, type }, i) => {
      const other = theirs[i]
      return name.toLowerCase() === other?.name.toLowerCase() && sameType(type, other.type)
    })
  )
}

/** `_TABLE_SUFFIX` and what each of them has itself. */
function columnsOf(table: CatalogTable): readonly RelationColumn[] {
  const suffix = { name: '_TABLE_SUFFIX', type: { kind: 'STRING' } } as const
  return baseColumns({ ...table, pseudoColumns: [...table.pseudoColumns, suffix] })
}

function united(tables: readonly CatalogTable[]): readonly RelationColumn[] {
  const [first = [], ...others] = tables.map(columnsOf)
  return first.map((column, i) => ({
    ...column,
    flow: others.reduce<FlowTree>((flow, columns) => {
      const other = columns[i]
      return other === undefined ? flow : either(flow, other.flow)
    }, column.flow),
  }))
}

function joinTags(
  all: readonly ReadonlyMap<ColumnName, readonly string[]>[],
): ReadonlyMap<ColumnName, readonly string[]> {
  return new Map(all.flatMap((tags) => [...tags]))
}

function refuse(hint: string): Result<never, AnalysisProblem> {
  return err({ problem: 'not-understood', hint })
}
