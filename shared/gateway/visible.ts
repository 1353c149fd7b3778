import { getCall } from '../bigquery/build-call.ts'
import {
  type DatasetReference,
  type ProjectId,
  type TableReference,
  parseDatasetId,
  parseProjectId,
  tableReference,
} from '../bigquery/reference.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { maySelect } from '../policy/may-select.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import { about } from '../recording/resume.ts'
import { type Caller, callerFacts } from './caller.ts'
import { inBatches } from './in-batches.ts'
import type { Ports } from './ports.ts'
import { type Resource, objectsIn, parseResource, textAt } from './resources.ts'
import { type SendFailure, sendOnce } from './send.ts'
import { tableNames } from './table-names.ts'

/** Whether policy lets the caller SELECT from a table: only then is it shown in lists. */
export function mayRead(caller: Caller, table: TableReference): boolean {
  return maySelect(caller.policy, callerFacts(caller), table)
}

/**
 * Whether there is a table in the dataset that the caller may SELECT from. Looks at the first 10,000
 * tables; what is not seen is not shown.
 */
export async function datasetVisible(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  dataset: DatasetReference,
): Promise<Result<boolean, SendFailure>> {
  const names = await tableNames(ports, caller, recorded, dataset)
  if (!names.ok) return names
  return ok(
    names.value.some((name) => {
      const table = tableReference(dataset.projectId, dataset.datasetId, name)
      return table !== undefined && mayRead(caller, table)
    }),
  )
}

/** Those of a list of datasets that are visible. */
export async function visibleDatasets(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  list: Resource,
): Promise<Result<readonly Resource[], SendFailure>> {
  const checked = await inBatches(objectsIn(list, 'datasets'), async (item) => {
    const projectId = parseProjectId(textAt(item, 'datasetReference', 'projectId') ?? '')
    const datasetId = parseDatasetId(textAt(item, 'datasetReference', 'datasetId') ?? '')
    if (projectId === undefined || datasetId === undefined) return ok(undefined)
    const visible = await datasetVisible(ports, caller, recorded, { projectId, datasetId })
    return visible.ok ? ok(visible.value ? item : undefined) : visible
  })
  return present(checked)
}

/**
 * Whether a dataset of the project is visible, of the first 1,000. `connection` is for a project that
 * another call than one about it is to show.
 */
export async function projectVisible(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  project: { readonly projectId: ProjectId; readonly connection?: string },
): Promise<Result<boolean, SendFailure>> {
  const call = getCall('datasets.list', project.projectId, ['datasets'], { maxResults: 1000 })
  const permit = about(recorded, call, project.connection)
  const sent = await sendOnce(ports.upstream, caller.signal)(permit)
  if (!sent.ok) return sent
  const { status, body } = sent.value
  if (status === 429 || status >= 500)
    return err({ problem: 'upstream-garbled', mayHaveRun: false })
  const list = parseResource(body)
  // A project that cannot be listed has nothing to show.
  if (status >= 400 || !list.ok) return ok(false)
  const shown = await visibleDatasets(ports, caller, permit, list.value)
  return shown.ok ? ok(shown.value.length > 0) : shown
}

/** The values that are there, or the first failure. */
export function present<T>(
  results: readonly Result<T | undefined, SendFailure>[],
): Result<readonly T[], SendFailure> {
  const values: T[] = []
  for (const result of results) {
    if (!result.ok) return result
    if (result.value !== undefined) values.push(result.value)
  }
  return ok(values)
}
