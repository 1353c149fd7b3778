import { getCall } from '../../bigquery/build-call.ts'
import {
  type TableReference,
  formatTable,
  parseProjectId,
  tableReference,
} from '../../bigquery/reference.ts'
import { principalKey } from '../../identity/principal.ts'
import { ok } from '../../kernel/result.ts'
import { maskRows } from '../../masking/mask-reply.ts'
import { scanReply } from '../../masking/reply-scanner.ts'
import { evaluate } from '../../policy/evaluate.ts'
import { readingFacts } from '../../policy/may-select.ts'
import type { RecordedJob } from '../../recording/entry.ts'
import { callerFacts } from '../caller.ts'
import { rowsDelivered } from '../delivery-facts.ts'
import { inDataset } from '../metadata-call.ts'
import type { MethodRequest, ServeMethod } from '../method.ts'
import { type Outcome, bareFacts, refuse } from '../outcome.ts'
import { lookUp, recordedJob } from '../own-jobs.ts'
import { type Handle, type Ports, make, proceed } from '../pipeline.ts'
import { objectAt, objectsIn, rebuild, textAt } from '../resources.ts'
import { sendOnce } from '../send.ts'
import { showResource } from '../show-resource.ts'
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
  return onTable(ports, request, [], query, () =>
    showResource(ports, request, (table) => ok(rebuild('Table', table))),
  )
}

/** `tabledata.list`: rows of a table the caller may SELECT from, or of a result of theirs. */
export const listRows: ServeMethod = (ports, request) => {
  const { caller, parameters } = request
  const query = {
    selectedFields: parameters.text('selectedFields'),
    'formatOptions.useInt64Timestamp': parameters.flag('formatOptions.useInt64Timestamp'),
    'formatOptions.timestampOutputFormat': parameters.text('formatOptions.timestampOutputFormat'),
  }
  return onTable(ports, request, ['data'], query, (recordsJob) => ({
    repeatable: true,
    send: sendOnce(ports.upstream, caller.signal),
    mask: (reply) => {
      const scanned = scanReply(reply.body)
      if (!scanned.ok) return scanned
      const kind = 'bigquery#tableDataList'
      const masked = maskRows(scanned.value, { fields: parameters.fields, kind })
      const delivery = {
        ...rowsDelivered(scanned.value, masked, parameters.fields),
        job: recordsJob,
      }
      return ok({ reply: masked, delivery, ends: 'call', failed: false })
    },
  }))
}

/**
 * A call about one table: by policy like a SELECT from it, or, for the anonymous table of a result,
 * by whose job wrote it.
 */
async function onTable(
  ports: Ports,
  request: MethodRequest,
  segments: readonly string[],
  query: Record<string, string | number | boolean | undefined>,
  handle: (job: RecordedJob | undefined) => Handle,
): Promise<Outcome> {
  const { caller, callId, method, path } = request
  const { projectId = '', datasetId = '', tableId = '' } = path
  // Views of the catalog are no tables: what they list is not what the caller may query.
  const isCatalog = /^(__.*__|INFORMATION_SCHEMA\..*)$/i.test(tableId)
  const table = isCatalog ? undefined : tableReference(projectId, datasetId, tableId)
  const unread = bareFacts(method, parseProjectId(projectId))
  if (table === undefined) return refuse({ problem: 'not-found', what: 'Table' }, callId, unread)
  const name = formatTable(table)
  const facts = { ...unread, tables: [name], statementType: 'SELECT' }
  const call = getCall(
    method,
    table.projectId,
    ['datasets', table.datasetId, 'tables', table.tableId, ...segments],
    query,
  )
  // BigQuery hides datasets that start with an underscore; results of queries live there.
  if (table.datasetId.startsWith('_')) {
    const owner = principalKey(caller.principal)
    const found = await lookUp(() => ports.jobs.findByResultTable(name, owner))
    if (!found.ok) return refuse(found.error, callId, facts)
    const job = found.value
    if (job === undefined)
      return refuse({ problem: 'not-found', what: `Table ${bigQueryName(table)}` }, callId, facts)
    return proceed(ports, caller, job, {
      call,
      facts: { ...facts, job: recordedJob(job) },
      handle: handle(recordedJob(job)),
    })
  }
  return make(ports, caller, {
    callId,
    facts,
    decide: () =>
      evaluate(caller.policy, {
        ...callerFacts(caller),
        query: readingFacts(table),
      }),
    call: () => call,
    handle: handle(undefined),
  })
}

const bigQueryName = ({ projectId, datasetId, tableId }: TableReference) =>
  `${projectId}:${datasetId}.${tableId}`
