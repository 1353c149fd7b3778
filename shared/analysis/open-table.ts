import { formatTable, type TableReference } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type { AnalysisProblem, CatalogSource } from './analysis.ts'
import { baseColumns, policyTagsOf } from './base-columns.ts'
import type { CatalogTable } from './catalog.ts'
import type { Lineage } from './lineage.ts'
import type { Opened, Opening } from './opened.ts'
import { sameType } from './same-type.ts'
import type { Relation, RelationColumn } from './trace.ts'
import { computed } from './walk/flow.ts'

/** What has columns of its own, and rows that are nothing but those. */
const BASE: readonly string[] = ['TABLE', 'SNAPSHOT', 'CLONE', 'EXTERNAL', 'SYSTEM_VIEW']

/** The relation that `path` names: a table as it is, a view taken apart. Rejects as the catalog does. */
export async function openTable(
  { catalog, lookInside }: Opening,
  path: readonly string[],
  reference: TableReference,
): Promise<Result<Opened<Relation>, AnalysisProblem>> {
  const found = await catalog.table(reference)
  if (!found.ok) return err(found.error)
  const table = found.value
  const name = formatTable(table.reference)
  const source: CatalogSource = { kind: 'table', name, etag: table.etag }
  if (table.view === undefined) {
    if (!BASE.includes(table.type)) return refuse(`\`${name}\` is a ${table.type}; do without it`)
    const part = { path, columns: baseColumns(table), uses: [], routines: [] }
    return ok({ part, policyTags: policyTagsOf(table), sources: [source], mayFail: false })
  }
  if (table.view.useLegacySql) return refuse(`query the tables of \`${name}\`: it is in legacy SQL`)
  const defaults = { projectId: table.reference.projectId, defaultDataset: undefined }
  const inner = await lookInside(table.view.query, defaults, name)
  if (!inner.ok) return inner
  const { lineage, policyTags, sources } = inner.value
  const columns = viewColumns(table, lineage)
  if (columns === undefined)
    return refuse(`ask the owner of view \`${name}\` to save it again: its columns have changed`)
  return ok({
    part: { path, columns, uses: lineage.uses, reads: lineage.columns, routines: lineage.routines },
    policyTags: new Map([...policyTagsOf(table), ...policyTags]),
    sources: [{ ...source, unlisted: true }, ...sources],
    mayFail: lineage.mayFail,
  })
}

/** What a view's query makes of base columns, under the names the view gives them. */
function viewColumns(
  { columns, type }: CatalogTable,
  { outputs }: Lineage,
): readonly RelationColumn[] | undefined {
  // A view in a file has no schema of its own.
  if (columns.length === 0 && type === 'VIEW')
    return outputs.map((output) => ({ ...output, isPseudo: false }))
  const same =
    columns.length === outputs.length &&
    columns.every(({ type: declared }, i) => sameType(declared, outputs[i]?.type))
  if (!same) return undefined
  const named = columns.every(
    ({ name }, i) => name.toLowerCase() === outputs[i]?.name.toLowerCase(),
  )
  // Fail closed: either the view names its columns itself, or a table under it has others than it had.
  const all = named ? undefined : computed(outputs.map(({ flow }) => flow))
  return columns.flatMap(({ name }, i): RelationColumn[] => {
    const output = outputs[i]
    return output === undefined
      ? []
      : [{ name, type: output.type, isPseudo: false, flow: all ?? output.flow }]
  })
}

function refuse(hint: string): Result<never, AnalysisProblem> {
  return err({ problem: 'not-understood', hint })
}
