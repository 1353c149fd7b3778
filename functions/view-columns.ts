import type { Analyze } from '../shared/analysis/analysis.ts'
import type { Catalog, CatalogProblem, CatalogTable } from '../shared/analysis/catalog.ts'
import { formatTable } from '../shared/bigquery/reference.ts'
import { type Result, err, ok } from '../shared/kernel/result.ts'

/**
 * The same catalog, where a view that comes without columns has those of its query. BigQuery always says
 * which columns a view has; a file with its query does not.
 */
export function withViewColumns(analyze: Analyze, catalog: Catalog): Catalog {
  const known = new Map<string, Result<CatalogTable, CatalogProblem>>()
  const open = new Set<string>()
  const named: Catalog = {
    ...catalog,
    table: async (reference) => {
      const found = await catalog.table(reference)
      if (!found.ok || found.value.view === undefined || found.value.columns.length > 0)
        return found
      const name = formatTable(found.value.reference)
      // A view of itself.
      if (open.has(name)) return unreadable(name)
      open.add(name)
      const columns = known.get(name) ?? (await columnsOf(found.value))
      open.delete(name)
      known.set(name, columns)
      return columns
    },
  }
  return named

  async function columnsOf(view: CatalogTable): Promise<Result<CatalogTable, CatalogProblem>> {
    const { projectId } = view.reference
    const analysis = await analyze(
      view.view?.query ?? '',
      { projectId, defaultDataset: undefined },
      { catalog: named, parameters: [], parameterMode: undefined },
    )
    if (!analysis.ok) return unreadable(formatTable(view.reference))
    const outputs = analysis.value.touched?.lineage.outputs ?? []
    const columns = outputs.map(({ name, type }) => ({ name, type, policyTags: [], fields: [] }))
    return ok({ ...view, columns })
  }
}

const unreadable = (name: string) =>
  err({
    problem: 'not-understood',
    hint: `query the tables of \`${name}\`: Sluice does not understand its definition`,
  } as const)
