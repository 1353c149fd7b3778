import { getCall } from '../bigquery/build-call.ts'
import {
  type DatasetId,
  type ProjectId,
  type TableReference,
  formatTable,
  tableReference,
} from '../bigquery/reference.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { maySelect } from '../policy/may-select.ts'
import type { Facts } from '../policy/policy.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import { about } from '../recording/resume.ts'
import { type Caller, callerFacts } from './caller.ts'
import type { Ports } from './pipeline.ts'
import { objectAt, objectsIn, parseResource, textAt } from './resources.ts'
import { type SendFailure, sendOnce } from './send.ts'

/** What conditions see of reading a table without SQL. */
export function readingFacts(billing: ProjectId, table: TableReference): Facts['query'] {
  const name = formatTable(table)
  return {
    statementType: 'SELECT',
    tables: [name],
    targets: [],
    projects: [...new Set([billing, table.projectId])],
    parameters: [],
    dryRun: false,
  }
}

/** Whether policy lets the caller SELECT from a table: only then is it shown in lists. */
export function mayRead(caller: Caller, table: TableReference): boolean {
  return maySelect(caller.policy, callerFacts(caller), table)
}

const PAGES = 10

/**
 * Whether there is a table in the dataset that the caller may SELECT from. Looks at the first 10,000
 * tables; what is not seen is not shown.
 */
export async function datasetVisible(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  dataset: { readonly projectId: ProjectId; readonly datasetId: DatasetId },
): Promise<Result<boolean, SendFailure>> {
  const { projectId, datasetId } = dataset
  const key = `${recorded.connection} ${projectId}.${datasetId}`
  const known = ports.memory.listings.get(key)
  const tables = known === undefined ? await listTables() : ok(known)
  if (!tables.ok) return tables
  ports.memory.listings.set(key, tables.value)
  return ok(
    tables.value.some((name) => {
      const table = tableReference(projectId, datasetId, name)
      return table !== undefined && mayRead(caller, table)
    }),
  )

  async function listTables(): Promise<Result<readonly string[], SendFailure>> {
    const names: string[] = []
    let pageToken: string | undefined
    for (let page = 0; page < PAGES; page++) {
      const segments = ['datasets', datasetId, 'tables']
      const call = getCall('tables.list', projectId, segments, { maxResults: 1000, pageToken })
      // oxlint-disable-next-line no-await-in-loop -- each page names the next
      const sent = await sendOnce(ports.upstream, caller.signal)(about(recorded, call))
      if (!sent.ok) return sent
      if (sent.value.status === 404) return ok([])
      const list = parseResource(sent.value.body)
      if (sent.value.status >= 400 || !list.ok)
        return err({ problem: 'upstream-garbled', mayHaveRun: false })
      for (const item of objectsIn(list.value, 'tables')) {
        const reference = objectAt(item, 'tableReference')
        names.push((reference && textAt(reference, 'tableId')) ?? '')
      }
      pageToken = textAt(list.value, 'nextPageToken')
      if (pageToken === undefined) break
    }
    return ok(names)
  }
}
