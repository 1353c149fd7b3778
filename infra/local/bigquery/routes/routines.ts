import type { Catalog } from '../catalog/catalog.ts'
import type { Routine } from '../catalog/routine.ts'
import { BigQueryError } from '../errors.ts'
import { pathId } from '../http/api-request.ts'
import type { Route } from '../http/router.ts'
import { standardSqlType } from '../types/standard-sql-type.ts'
import { datasetIn } from './datasets.ts'
import { listPage } from './list-page.ts'

/** `routines.*`. */
export function routineRoutes(catalog: Catalog): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/projects/{projectId}/datasets/{datasetId}/routines',
      handle: (request) => {
        const { routines } = catalog.dataset(datasetIn(request))
        const all = [...routines.values()].toSorted((a, b) =>
          a.reference.routineId < b.reference.routineId ? -1 : 1,
        )
        const { items, ...next } = listPage(request, all)
        return { routines: items.map(listedRoutine), ...next }
      },
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/datasets/{datasetId}/routines/{routineId}',
      handle: (request) => {
        const routineId = pathId(request, 'routineId')
        const { reference, routines } = catalog.dataset(datasetIn(request))
        const routine = routines.get(routineId)
        if (routine !== undefined) return routineResource(routine)
        const { projectId, datasetId } = reference
        const name = `${projectId}:${datasetId}.${routineId}`
        throw new BigQueryError('notFound', `Not found: Routine ${name}`)
      },
    },
  ]
}

function listedRoutine(routine: Routine) {
  const { etag, routineReference, routineType, language, creationTime, lastModifiedTime } =
    routineResource(routine)
  return { etag, routineReference, routineType, language, creationTime, lastModifiedTime }
}

function routineResource(routine: Routine) {
  const { reference, kind, returnType, returnColumns, body, version, creationTime } = routine
  const columns = returnColumns?.map(({ name, type }) => ({ name, type: standardSqlType(type) }))
  return {
    etag: Buffer.from(`${creationTime}/${version}`).toString('base64'),
    routineReference: reference,
    routineType: kind,
    language: 'SQL',
    arguments: routine.arguments.map(({ name, type }) =>
      type === undefined
        ? { name, argumentKind: 'ANY_TYPE' }
        : { name, dataType: standardSqlType(type) },
    ),
    ...(returnType !== undefined && { returnType: standardSqlType(returnType) }),
    ...(columns !== undefined && { returnTableType: { columns } }),
    definitionBody: body,
    creationTime: String(creationTime),
    lastModifiedTime: String(creationTime),
  }
}
