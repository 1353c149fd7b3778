import { getCall } from '../bigquery/build-call.ts'
import { parseDatasetId, parseProjectId } from '../bigquery/reference.ts'
import { bareFacts } from '../recording/bare-facts.ts'
import { builtInDecision } from './built-in-decision.ts'
import type { MethodRequest } from './method.ts'
import { type Outcome, refuse } from './outcome.ts'
import { make } from './pipeline.ts'
import type { Ports } from './ports.ts'
import { type Show, showResource } from './show-resource.ts'
import { datasetVisible, projectVisible } from './visible.ts'

/** A metadata call and what of its reply may be seen. */
interface Look {
  /** Of the path below the project or dataset. */
  readonly segments: readonly string[]
  readonly query?: Record<string, string | number | boolean | undefined>
  readonly show: Show
}

/**
 * A call below a project. What it says of the project itself is for callers who may query something
 * in it: `onlyIfVisible`.
 */
export async function inProject(
  ports: Ports,
  request: MethodRequest,
  look: Look & { readonly onlyIfVisible?: boolean },
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
    call: () => getCall(method, projectId, look.segments, look.query),
    handle: showResource(
      ports,
      request,
      look.show,
      look.onlyIfVisible === true
        ? {
            what: `Project ${projectId}`,
            check: (recorded) => projectVisible(ports, caller, recorded, { projectId }),
          }
        : undefined,
    ),
  })
}

/** A call below a dataset, for callers who may query something in it. */
export async function inDataset(
  ports: Ports,
  request: MethodRequest,
  look: Look,
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
    call: () => getCall(method, projectId, ['datasets', datasetId, ...look.segments], look.query),
    handle: showResource(ports, request, look.show, {
      what: `Dataset ${projectId}:${datasetId}`,
      check: (recorded) => datasetVisible(ports, caller, recorded, { projectId, datasetId }),
    }),
  })
}
