import { getCall } from '../bigquery/build-call.ts'
import type { DatasetReference } from '../bigquery/reference.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import { about } from '../recording/resume.ts'
import type { Caller } from './caller.ts'
import type { Ports } from './ports.ts'
import { objectAt, objectsIn, parseResource, textAt } from './resources.ts'
import { type SendFailure, sendOnce } from './send.ts'

const PAGES = 10

/** Names of tables, or why BigQuery did not tell. */
export type TableNames = Result<readonly string[], SendFailure>

/**
 * The names of the first 10,000 tables of a dataset; none when there is no dataset. Remembered for a
 * minute, and asked for once however many wait for it; what failed is asked for again.
 */
export async function tableNames(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  dataset: DatasetReference,
): Promise<TableNames> {
  const { listings } = ports.memory
  const key = `${recorded.connection} ${dataset.projectId}.${dataset.datasetId}`
  const known = listings.get(key)
  const listing = known ?? list(ports, caller, recorded, dataset)
  if (known === undefined) listings.set(key, listing)
  let names: TableNames | undefined
  try {
    names = await listing
  } finally {
    if (names?.ok !== true && listings.peek(key) === listing) listings.delete(key)
  }
  // Whoever asked has gone; that is nothing to those who waited with them.
  const isTheirs = known !== undefined && !names.ok && names.error.problem === 'caller-gone'
  return isTheirs && !caller.signal.aborted ? tableNames(ports, caller, recorded, dataset) : names
}

async function list(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  { projectId, datasetId }: DatasetReference,
): Promise<TableNames> {
  const names: string[] = []
  let pageToken: string | undefined
  for (let page = 0; page < PAGES; page++) {
    const segments = ['datasets', datasetId, 'tables']
    const call = getCall('tables.list', projectId, segments, { maxResults: 1000, pageToken })
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const sent = await sendOnce(ports.upstream, caller.signal)(about(recorded, call))
    if (!sent.ok) return sent
    if (sent.value.status === 404) return ok([])
    const reply = parseResource(sent.value.body)
    if (sent.value.status >= 400 || !reply.ok)
      return err({ problem: 'upstream-garbled', mayHaveRun: false })
    for (const item of objectsIn(reply.value, 'tables')) {
      const reference = objectAt(item, 'tableReference')
      names.push((reference && textAt(reference, 'tableId')) ?? '')
    }
    pageToken = textAt(reply.value, 'nextPageToken')
    if (pageToken === undefined) break
  }
  return ok(names)
}
