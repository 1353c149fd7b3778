import { parseDatasetId, parseProjectId, tableReference } from '../bigquery/reference.ts'
import type { CatalogSource } from './analysis.ts'
import type { Catalog } from './catalog.ts'
import { etagOfList } from './open-wildcard.ts'

/** The etag that `source` has by now; undefined when it is not there any more. Rejects as the catalog does. */
export async function currentEtag(
  catalog: Catalog,
  { kind, name }: CatalogSource,
): Promise<string | undefined> {
  const [, project = '', dataset = '', id = ''] = NAMED.exec(name) ?? []
  const [projectId, datasetId] = [parseProjectId(project), parseDatasetId(dataset)]
  if (projectId === undefined || datasetId === undefined) return undefined
  if (kind === 'tables') {
    const listed = await catalog.tablesLike({ projectId, datasetId }, id.slice(0, -1))
    return listed.ok ? etagOfList(listed.value) : undefined
  }
  const table = tableReference(project, dataset, id)
  const found =
    kind === 'routine'
      ? await catalog.routine({ projectId, datasetId }, id)
      : table && (await catalog.table(table))
  return found?.ok === true ? found.value.etag : undefined
}

/** A project may hold dots, and INFORMATION_SCHEMA is part of a table's id. */
const NAMED = /^(.+?)\.([A-Za-z0-9_-]+)\.((?:INFORMATION_SCHEMA\.)?[^.]+)$/
