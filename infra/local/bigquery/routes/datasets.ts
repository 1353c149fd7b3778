import type { Catalog, Dataset } from '../catalog/catalog.ts'
import { LOCATION } from '../catalog/catalog.ts'
import { pathId } from '../http/api-request.ts'
import type { Route } from '../http/router.ts'
import { USER_EMAIL } from '../sql/stand-ins.ts'
import { listPage } from './list-page.ts'

/** `projects.*` and `datasets.*`. */
export function datasetRoutes(catalog: Catalog): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/projects',
      handle: (request) => {
        const { items, ...next } = listPage(request, catalog.projects)
        const projects = items.map((projectId, index) => ({
          kind: 'bigquery#project',
          id: projectId,
          numericId: String(index + 1),
          projectReference: { projectId },
          friendlyName: projectId,
        }))
        const totalItems = catalog.projects.length
        return {
          kind: 'bigquery#projectList',
          etag: `p${totalItems}`,
          projects,
          totalItems,
          ...next,
        }
      },
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/serviceAccount',
      handle: (request) => {
        catalog.datasets(pathId(request, 'projectId'))
        return { kind: 'bigquery#getServiceAccountResponse', email: USER_EMAIL }
      },
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/datasets',
      handle: (request) => {
        const all = catalog.datasets(pathId(request, 'projectId'))
        const { items, ...next } = listPage(request, all)
        const datasets = items.map((dataset) => {
          const { kind, id, datasetReference, location } = datasetResource(dataset)
          return { kind, id, datasetReference, location }
        })
        return { kind: 'bigquery#datasetList', datasets, ...next }
      },
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/datasets/{datasetId}',
      handle: (request) => datasetResource(catalog.dataset(datasetIn(request))),
    },
  ]
}

/** The dataset in a request's path. */
export function datasetIn(request: Parameters<typeof pathId>[0]) {
  return { projectId: pathId(request, 'projectId'), datasetId: pathId(request, 'datasetId') }
}

function datasetResource({ reference, creationTime }: Dataset) {
  const { projectId, datasetId } = reference
  return {
    kind: 'bigquery#dataset',
    etag: `d${creationTime}`,
    id: `${projectId}:${datasetId}`,
    selfLink: `/bigquery/v2/projects/${projectId}/datasets/${datasetId}`,
    datasetReference: reference,
    location: LOCATION,
    type: 'DEFAULT',
    creationTime: String(creationTime),
    lastModifiedTime: String(creationTime),
    access: [{ role: 'OWNER', userByEmail: USER_EMAIL }],
  }
}
