import type { Catalog } from '../catalog/catalog.ts'
import { LOCATION } from '../catalog/catalog.ts'
import { tableName, type TableReference } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import { BigQueryError } from '../errors.ts'
import { type ApiRequest, pathId, queryCount, queryFlag, queryText } from '../http/api-request.ts'
import type { Route } from '../http/router.ts'
import type { JobStore } from '../jobs/job-store.ts'
import { resultPage } from '../jobs/result-page.ts'
import { tableBytes } from '../sql/bytes-processed.ts'
import type { Column } from '../types/sql-type.ts'
import { tableSchema } from '../types/table-schema.ts'
import type { Row } from '../values/value.ts'
import { datasetIn } from './datasets.ts'
import { listPage } from './list-page.ts'

/** `tables.*` and `tabledata.list`; of the anonymous tables that hold results, too. */
export function tableRoutes(catalog: Catalog, jobs: JobStore): readonly Route[] {
  const find = (request: ApiRequest): Relation => {
    const reference = { ...datasetIn(request), tableId: pathId(request, 'tableId') }
    return anonymousTable(reference, jobs) ?? catalog.relation(reference)
  }
  return [
    {
      method: 'GET',
      path: '/projects/{projectId}/datasets/{datasetId}/tables',
      handle: (request) => {
        const { relations } = catalog.dataset(datasetIn(request))
        const all = [...relations.values()].toSorted((a, b) =>
          a.reference.tableId < b.reference.tableId ? -1 : 1,
        )
        const { items, ...next } = listPage(request, all)
        const tables = items.map(listedTable)
        return { kind: 'bigquery#tableList', tables, totalItems: all.length, ...next }
      },
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/datasets/{datasetId}/tables/{tableId}',
      handle: (request) => tableResource(find(request), queryText(request, 'selectedFields')),
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/datasets/{datasetId}/tables/{tableId}/data',
      handle: (request) => {
        const relation = find(request)
        if (relation.kind === 'VIEW') {
          const name = tableName(relation.reference)
          throw new BigQueryError('invalid', `Cannot list a table of type VIEW: ${name}`)
        }
        const { columns, rows } = selected(relation, queryText(request, 'selectedFields'))
        const page = resultPage(columns, rows, {
          pageToken: queryText(request, 'pageToken'),
          startIndex: queryCount(request, 'startIndex'),
          maxResults: queryCount(request, 'maxResults'),
          format: { useInt64Timestamp: queryFlag(request, 'formatOptions.useInt64Timestamp') },
        })
        const { rows: shown, ...next } = page
        return {
          kind: 'bigquery#tableDataList',
          etag: etagOf(relation),
          totalRows: String(rows.length),
          ...(shown.length > 0 && { rows: shown }),
          ...next,
        }
      },
    },
  ]
}

function anonymousTable(reference: TableReference, jobs: JobStore): Relation | undefined {
  const job = jobs.ofTable(reference.projectId, reference.datasetId, reference.tableId)
  const result = job?.outcome?.result
  if (job?.endTime === undefined || result === undefined) return undefined
  const { creationTime, endTime: lastModifiedTime } = job
  return { kind: 'TABLE', reference, ...result, version: 0, creationTime, lastModifiedTime }
}

function selected(
  { columns, rows }: { readonly columns: readonly Column[]; readonly rows: readonly Row[] },
  fields: string | undefined,
): { readonly columns: readonly Column[]; readonly rows: readonly Row[] } {
  if (fields === undefined) return { columns, rows }
  const names = new Set(fields.split(',').map((field) => field.split('.')[0]))
  const kept = columns.flatMap((column, index) => (names.has(column.name) ? [index] : []))
  const pick = <T>(list: readonly T[]): readonly T[] =>
    kept.flatMap((index) => list.slice(index, index + 1))
  return { columns: pick(columns), rows: rows.map(pick) }
}

function tableResource(relation: Relation, fields: string | undefined) {
  const { reference, creationTime, lastModifiedTime, description } = relation
  const { projectId, datasetId, tableId } = reference
  const columns = selected({ columns: relation.columns, rows: [] }, fields).columns
  return {
    kind: 'bigquery#table',
    etag: etagOf(relation),
    id: tableName(reference),
    selfLink: `/bigquery/v2/projects/${projectId}/datasets/${datasetId}/tables/${tableId}`,
    tableReference: reference,
    ...(description !== undefined && { description }),
    schema: tableSchema(columns),
    type: relation.kind,
    location: LOCATION,
    creationTime: String(creationTime),
    lastModifiedTime: String(lastModifiedTime),
    ...(relation.kind === 'VIEW'
      ? { view: { query: relation.query, useLegacySql: false } }
      : { numRows: String(relation.rows.length), numBytes: String(tableBytes(relation)) }),
  }
}

function listedTable(relation: Relation) {
  const { kind, reference, creationTime } = relation
  return {
    kind: 'bigquery#table',
    id: tableName(reference),
    tableReference: reference,
    type: kind,
    creationTime: String(creationTime),
    ...(kind === 'VIEW' && { view: { useLegacySql: false } }),
  }
}

/** Another one for every state of a relation, here and after a restart. */
function etagOf({ version, lastModifiedTime }: Relation): string {
  return Buffer.from(`${lastModifiedTime}/${version}`).toString('base64')
}
