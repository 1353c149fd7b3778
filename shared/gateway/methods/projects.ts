import { projectsCall } from '../../bigquery/build-call.ts'
import type { ProjectId } from '../../bigquery/reference.ts'
import { ok } from '../../kernel/result.ts'
import { maskResource } from '../../masking/mask-reply.ts'
import { bareFacts } from '../../recording/bare-facts.ts'
import { builtInDecision } from '../built-in-decision.ts'
import { bodyDelivered } from '../delivery-facts.ts'
import { inBatches } from '../in-batches.ts'
import { inProject } from '../metadata-call.ts'
import type { ServeMethod } from '../method.ts'
import { refuse } from '../outcome.ts'
import { make } from '../pipeline.ts'
import { NOTHING_ASKED } from '../send.ts'
import { present, projectVisible } from '../visible.ts'

/** `projects.list`: projects of the policy in which the caller may query something. */
export const listProjects: ServeMethod = async (ports, request) => {
  const { caller, callId, parameters } = request
  const facts = bareFacts('projects.list', undefined)
  const projects = caller.policy.connections.flatMap(({ id, projects: ids }) =>
    ids.map((projectId) => ({ projectId, connection: id })),
  )
  const [first] = projects
  if (first === undefined) return refuse({ problem: 'not-found', what: 'Project' }, callId, facts)
  const pageToken = parameters.text('pageToken')
  const last = projects.findIndex(({ projectId }) => tokenAfter(projectId) === pageToken)
  if (pageToken !== undefined && last === -1)
    return refuse({ problem: 'malformed', message: 'invalid `pageToken`' }, callId, facts)
  let items: readonly ProjectId[] = []
  return make(ports, caller, {
    callId,
    facts,
    decide: () => builtInDecision(caller.policy, first.projectId, 'visible-metadata'),
    call: () => projectsCall(first.projectId),
    handle: {
      repeatable: true,
      send: async (recorded) => {
        const checked = await inBatches(projects.slice(last + 1), async (project) => {
          const visible = await projectVisible(ports, caller, recorded, project)
          return visible.ok ? ok(visible.value ? project.projectId : undefined) : visible
        })
        const found = present(checked)
        if (!found.ok) return found
        items = found.value
        return ok(NOTHING_ASKED)
      },
      mask: () => {
        const page = items.slice(0, parameters.count('maxResults') ?? items.length)
        const end = page.length < items.length ? page.at(-1) : undefined
        const list = {
          kind: 'bigquery#projectList',
          ...(end === undefined ? {} : { nextPageToken: tokenAfter(end) }),
          projects: page.map((id) => ({
            kind: 'bigquery#project',
            id,
            friendlyName: id,
            projectReference: { projectId: id },
          })),
          totalItems: page.length,
        }
        const masked = maskResource(list, parameters.fields)
        return ok({ reply: masked, delivery: bodyDelivered(masked), ends: 'call', failed: false })
      },
    },
  })
}

/** The token of the page after a project. It gives nothing away: the project was on the page before. */
const tokenAfter = (projectId: ProjectId): string =>
  Buffer.from(`projects.list after ${projectId}`).toString('base64url')

/** `projects.getServiceAccount`: BigQuery's service agent of a project with something to query. */
export const getServiceAccount: ServeMethod = (ports, request) =>
  inProject(ports, request, {
    segments: ['serviceAccount'],
    show: (account) => ok({ kind: account['kind'], email: account['email'] }),
    onlyIfVisible: true,
  })
