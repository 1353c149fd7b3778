import { tableReference } from '../../bigquery/reference.ts'
import { ok } from '../../kernel/result.ts'
import { blocks } from '../governed-reply.ts'
import { inDataset } from '../metadata-call.ts'
import type { ServeMethod } from '../method.ts'
import { objectAt, objectsIn, rebuild, textAt } from '../resources.ts'
import { showResource } from '../show-resource.ts'
import { onTable } from '../table-call.ts'
import { mayRead } from '../visible.ts'

/** `tables.list`: tables and views the caller may SELECT from. */
export const listTables: ServeMethod = (ports, request) => {
  const { caller, parameters } = request
  const { projectId = '', datasetId = '' } = request.path
  return inDataset(ports, request, {
    segments: ['tables'],
    query: {
      maxResults: parameters.count('maxResults'),
      pageToken: parameters.text('pageToken'),
    },
    show: (list) => {
      const tables = objectsIn(list, 'tables').filter((item) => {
        const id = textAt(item, 'tableReference', 'tableId') ?? ''
        const table = tableReference(projectId, datasetId, id)
        return table !== undefined && mayRead(caller, table)
      })
      const nextPageToken = textAt(list, 'nextPageToken')
      return ok({
        kind: 'bigquery#tableList',
        etag: list['etag'],
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
        tables: tables.map((item) => ({ ...rebuild('Table', item), view: viewKind(item) })),
        totalItems: tables.length,
      })
    },
  })
}

const viewKind = (item: Parameters<typeof objectAt>[0]) => {
  const view = objectAt(item, 'view')
  return view && { useLegacySql: view['useLegacySql'] }
}

/** `tables.get`: schema and properties of a table the caller may SELECT from. */
export const getTable: ServeMethod = (ports, request) => {
  const { parameters } = request
  const query = { selectedFields: parameters.text('selectedFields'), view: parameters.text('view') }
  return onTable(ports, request, {
    segments: [],
    selectedFields: undefined,
    under: ({ governed }) => ({
      query,
      handle: showResource(ports, request, (table) => {
        const shown = rebuild('Table', table)
        return ok(governed ? { ...shown, ...blocks(shown, SIZES) } : shown)
      }),
    }),
  })
}

/** How much there is in masked columns shows in them. */
const SIZES = ['numBytes', 'numLongTermBytes']
