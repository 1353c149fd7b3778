import { catalogRoutine } from '../../shared/adapters/catalog-routine.ts'
import { catalogTable } from '../../shared/adapters/catalog-table.ts'
import type { Catalog, CatalogProblem } from '../../shared/analysis/catalog.ts'
import { formatTable } from '../../shared/bigquery/reference.ts'
import { type Result, err } from '../../shared/kernel/result.ts'

/**
 * What a running gateway shows the holder of `token` of tables, views and routines. Rejects when it
 * does not answer, or does not take the token.
 */
export function gatewayCatalog(gateway: string, token: string): Catalog {
  const get = async (path: string, what: string): Promise<Result<unknown, CatalogProblem>> => {
    const url = `${gateway}/bigquery/v2/projects/${path}`
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(
      () => undefined,
    )
    if (response === undefined) throw new Error(`no answer: \`${gateway}\``)
    if (response.status === 401)
      throw new Error(`the gateway does not take the token: \`${gateway}\``)
    if (response.status === 403 || response.status === 404)
      return err({ problem: 'not-in-catalog', what })
    if (!response.ok) throw new Error(`status ${response.status} for \`${what}\`: \`${gateway}\``)
    return { ok: true, value: await response.json() }
  }
  return {
    table: async (table) => {
      const { projectId, datasetId, tableId } = table
      const path = `${projectId}/datasets/${datasetId}/tables/${encodeURIComponent(tableId)}`
      const found = await get(path, formatTable(table))
      return found.ok ? catalogTable(found.value) : found
    },
    routine: async ({ projectId, datasetId }, routineId) => {
      const path = `${projectId}/datasets/${datasetId}/routines/${routineId}`
      const found = await get(path, `${projectId}.${datasetId}.${routineId}`)
      return found.ok ? catalogRoutine(found.value) : found
    },
    tablesLike: () =>
      Promise.resolve(
        err({
          problem: 'not-understood',
          hint: 'wildcard tables can be explained with --schemas only',
        }),
      ),
  }
}
