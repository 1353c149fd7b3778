import type { Catalog, Dataset } from '../catalog/catalog.ts'
import { LOCATION } from '../catalog/catalog.ts'
import type { Relation } from '../catalog/relation.ts'
import type { Job } from '../jobs/job.ts'
import type { InformationSchemaPath } from '../sql/context.ts'
import type { Column } from '../types/sql-type.ts'
import { columnColumns, columnRows } from './columns.ts'
import { jobColumns, jobRows } from './jobs.ts'
import { schemaColumns, schemaRows } from './schemata.ts'
import { tableColumns, tableRows } from './tables.ts'
import { virtualTable } from './virtual-table.ts'

type View = readonly [columns: readonly Column[], rows: readonly object[]]

/**
 * The `INFORMATION_SCHEMA` views there are, with what they show now: `TABLES` and `COLUMNS` of a dataset
 * or a region, `SCHEMATA` and `JOBS` of a region. Undefined for any other.
 */
export function informationSchema(
  catalog: Catalog,
  jobs: () => readonly Job[],
): (path: InformationSchemaPath) => Relation | undefined {
  return ({ projectId, qualifier, view, user }) => {
    const isRegion = qualifier === undefined || /^region-/i.test(qualifier)
    if (isRegion && qualifier !== undefined && !isHere(qualifier)) return undefined
    const found = isRegion
      ? regionView(view, projectId, catalog, () => jobs().filter(seenBy(view, projectId, user)))
      : datasetView(view, [catalog.dataset({ projectId, datasetId: qualifier })])
    if (found === undefined) return undefined
    const datasetId = qualifier ?? `region-${LOCATION.toLowerCase()}`
    const reference = { projectId, datasetId, tableId: `INFORMATION_SCHEMA.${view}` }
    return virtualTable(reference, ...found, catalog.nextVersion())
  }
}

/** Whether a view of jobs has one: `JOBS_BY_USER` only those of who looks. */
function seenBy(view: string, projectId: string, user: string): (job: Job) => boolean {
  return (job) =>
    job.reference.projectId === projectId && (view !== 'JOBS_BY_USER' || job.user === user)
}

function isHere(qualifier: string): boolean {
  return qualifier.toLowerCase() === `region-${LOCATION.toLowerCase()}`
}

function datasetView(view: string, datasets: readonly Dataset[]): View | undefined {
  if (view === 'TABLES') return [tableColumns, tableRows(datasets)]
  return view === 'COLUMNS' ? [columnColumns, columnRows(datasets)] : undefined
}

function regionView(
  view: string,
  projectId: string,
  catalog: Catalog,
  jobs: () => readonly Job[],
): View | undefined {
  const datasets = catalog.datasets(projectId)
  switch (view) {
    case 'JOBS':
    case 'JOBS_BY_PROJECT':
    case 'JOBS_BY_USER':
      return [jobColumns, jobRows(jobs())]
    case 'SCHEMATA':
      return [schemaColumns, schemaRows(datasets)]
    default:
      return datasetView(view, datasets)
  }
}
