import { getCall, projectsCall } from '../../bigquery/build-call.ts'
import {
  type ProjectId,
  parseDatasetId,
  parseProjectId,
  parseRoutineId,
} from '../../bigquery/reference.ts'
import { type Result, ok } from '../../kernel/result.ts'
import { maskResource } from '../../masking/mask-reply.ts'
import type { RecordedPermit } from '../../recording/recorded-permit.ts'
import { about } from '../../recording/resume.ts'
import { builtInDecision } from '../built-in-decision.ts'
import { bodyDelivered } from '../delivery-facts.ts'
import { inBatches } from '../in-batches.ts'
import type { MethodRequest, ServeMethod } from '../method.ts'
import { type Outcome, bareFacts, refuse } from '../outcome.ts'
import { type Handle, type Ports, make } from '../pipeline.ts'
import { type Resource, objectsIn, parseResource, rebuild, textAt } from '../resources.ts'
import { NOTHING_ASKED, type SendFailure, sendOnce } from '../send.ts'
import { type Show, showResource } from '../show-resource.ts'
import { datasetVisible } from '../visible.ts'

/** `projects.list`: projects of the policy in which the caller may query something. */
export const listProjects: ServeMethod = async (ports, request) => {
  const { caller, callId } = request
  const projects = caller.policy.connections.flatMap(({ id, projects: ids }) =>
    ids.map((projectId) => ({ projectId, connection: id })),
  )
  const first = projects[0]
  const facts = bareFacts('projects.list', undefined)
  if (first === undefined) return refuse({ problem: 'not-found', what: 'Project' }, callId, facts)
  let items: readonly ProjectId[] = []
  const handle: Handle = {
    repeatable: true,
    send: async (recorded) => {
      const visible = await inBatches(projects, async ({ projectId, connection }) => {
        const call = getCall('datasets.list', projectId, ['datasets'], { maxResults: 1000 })
        const permit = about(recorded, call, connection)
        const sent = await sendOnce(ports.upstream, caller.signal)(permit)
        if (!sent.ok) return sent
        const list = parseResource(sent.value.body)
        // A project that cannot be listed has nothing to show.
        if (sent.value.status >= 400 || !list.ok) return ok(undefined)
        const shown = await visibleDatasets(ports, request, permit, list.value)
        return shown.ok ? ok(shown.value.length > 0 ? projectId : undefined) : shown
      })
      const found = allOf(visible)
      if (!found.ok) return found
      items = found.value
      return ok(NOTHING_ASKED)
    },
    mask: () => {
      const list = {
        kind: 'bigquery#projectList',
        projects: items.map((id) => ({
          kind: 'bigquery#project',
          id,
          friendlyName: id,
          projectReference: { projectId: id },
        })),
        totalItems: items.length,
      }
      const masked = maskResource(list, request.parameters.fields)
      return ok({ reply: masked, delivery: bodyDelivered(masked), ends: 'call', failed: false })
    },
  }
  return make(ports, caller, {
    callId,
    facts,
    decide: () => builtInDecision(caller.policy, first.projectId, 'visible-metadata'),
    call: () => projectsCall(first.projectId),
    handle,
  })
}

/** `projects.getServiceAccount`: BigQuery's service agent of a project of the policy. */
export const getServiceAccount: ServeMethod = (ports, request) =>
  inProject(ports, request, ['serviceAccount'], {}, (account) =>
    ok({ kind: account['kind'], email: account['email'] }),
  )

/** `datasets.list`: datasets in which the caller may query something. */
export const listDatasets: ServeMethod = (ports, request) => {
  const { parameters } = request
  const query = {
    maxResults: parameters.count('maxResults'),
    pageToken: parameters.text('pageToken'),
    all: parameters.flag('all'),
    filter: parameters.text('filter'),
  }
  return inProject(ports, request, ['datasets'], query, async (list, recorded) => {
    const shown = await visibleDatasets(ports, request, recorded, list)
    if (!shown.ok) return shown
    const nextPageToken = textAt(list, 'nextPageToken')
    return ok({
      kind: 'bigquery#datasetList',
      etag: list['etag'],
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
      datasets: shown.value.map((item) => rebuild('Dataset', item)),
    })
  })
}

/** `datasets.get`: without its access list. */
export const getDataset: ServeMethod = (ports, request) =>
  inDataset(ports, request, [], {}, (dataset) => ok(rebuild('Dataset', dataset)))

/** `routines.list`. */
export const listRoutines: ServeMethod = (ports, request) => {
  const { parameters } = request
  const query = {
    maxResults: parameters.count('maxResults'),
    pageToken: parameters.text('pageToken'),
    filter: parameters.text('filter'),
    readMask: parameters.text('readMask'),
  }
  return inDataset(ports, request, ['routines'], query, (list) => {
    const nextPageToken = textAt(list, 'nextPageToken')
    return ok({
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
      routines: objectsIn(list, 'routines').map((item) => rebuild('Routine', item)),
    })
  })
}

/** `routines.get`. */
export const getRoutine: ServeMethod = (ports, request) => {
  const routineId = parseRoutineId(request.path['routineId'] ?? '')
  const { method, callId } = request
  if (routineId === undefined)
    return Promise.resolve(
      refuse({ problem: 'not-found', what: 'Routine' }, callId, bareFacts(method, undefined)),
    )
  const query = { readMask: request.parameters.text('readMask') }
  return inDataset(ports, request, ['routines', routineId], query, (routine) =>
    ok(rebuild('Routine', routine)),
  )
}

/** A call below a project that shows only what is visible. */
async function inProject(
  ports: Ports,
  request: MethodRequest,
  segments: readonly string[],
  query: Record<string, string | number | boolean | undefined>,
  show: Show,
): Promise<Outcome> {
  const { caller, callId, method } = request
  const projectId = parseProjectId(request.path['projectId'] ?? '')
  const facts = bareFacts(method, projectId)
  if (projectId === undefined)
    return refuse({ problem: 'not-found', what: 'Project' }, callId, facts)
  return make(ports, caller, {
    callId,
    facts,
    decide: () => builtInDecision(caller.policy, projectId, 'visible-metadata'),
    call: () => getCall(method, projectId, segments, query),
    handle: showResource(ports, request, show),
  })
}

/** A call below a dataset, for callers who may query something in it. */
async function inDataset(
  ports: Ports,
  request: MethodRequest,
  segments: readonly string[],
  query: Record<string, string | number | boolean | undefined>,
  show: Show,
): Promise<Outcome> {
  const { caller, callId, method } = request
  const projectId = parseProjectId(request.path['projectId'] ?? '')
  const datasetId = parseDatasetId(request.path['datasetId'] ?? '')
  const facts = bareFacts(method, projectId)
  if (projectId === undefined || datasetId === undefined)
    return refuse({ problem: 'not-found', what: 'Dataset' }, callId, facts)
  return make(ports, caller, {
    callId,
    facts,
    decide: () => builtInDecision(caller.policy, projectId, 'visible-metadata'),
    call: () => getCall(method, projectId, ['datasets', datasetId, ...segments], query),
    handle: showResource(ports, request, show, {
      what: `Dataset ${projectId}:${datasetId}`,
      check: (recorded) => datasetVisible(ports, caller, recorded, { projectId, datasetId }),
    }),
  })
}

async function visibleDatasets(
  ports: Ports,
  request: MethodRequest,
  recorded: RecordedPermit,
  list: Resource,
): Promise<Result<readonly Resource[], SendFailure>> {
  const checked = await inBatches(objectsIn(list, 'datasets'), async (item) => {
    const projectId = parseProjectId(textAt(item, 'datasetReference', 'projectId') ?? '')
    const datasetId = parseDatasetId(textAt(item, 'datasetReference', 'datasetId') ?? '')
    if (projectId === undefined || datasetId === undefined) return ok(undefined)
    const dataset = { projectId, datasetId }
    const visible = await datasetVisible(ports, request.caller, recorded, dataset)
    return visible.ok ? ok(visible.value ? item : undefined) : visible
  })
  return allOf(checked)
}

/** The values that are there, or the first failure. */
function allOf<T>(
  results: readonly Result<T | undefined, SendFailure>[],
): Result<readonly T[], SendFailure> {
  const values: T[] = []
  for (const result of results) {
    if (!result.ok) return result
    if (result.value !== undefined) values.push(result.value)
  }
  return ok(values)
}
