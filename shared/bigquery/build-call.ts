import type { BigQueryCall, Json, Method } from './call.ts'
import type { JobId, ProjectId } from './reference.ts'

type Query = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * A GET of one of the methods below a project, such as
 * `get('tables.get', projectId, ['datasets', d, 'tables', t], { view: 'BASIC' })`.
 */
export function getCall(
  method: Method,
  projectId: ProjectId,
  segments: readonly string[],
  query: Query = {},
): BigQueryCall {
  return { method, projectId, verb: 'GET', path: pathOf(projectId, segments), query: spell(query) }
}

/** `projects.list`. `projectId` chooses the connection it is made through. */
export function projectsCall(projectId: ProjectId): BigQueryCall {
  return { method: 'projects.list', projectId, verb: 'GET', path: '/projects', query: {} }
}

/** `jobs.query` with a rebuilt body. */
export function queryCall(projectId: ProjectId, body: Record<string, Json | undefined>) {
  return post('jobs.query', projectId, ['queries'], body)
}

/** `jobs.insert` with a rebuilt body. */
export function insertCall(projectId: ProjectId, body: Record<string, Json | undefined>) {
  return post('jobs.insert', projectId, ['jobs'], body)
}

/** `jobs.cancel`. */
export function cancelCall(
  projectId: ProjectId,
  jobId: JobId,
  location: string | undefined,
): BigQueryCall {
  return {
    ...post('jobs.cancel', projectId, ['jobs', jobId, 'cancel'], {}),
    query: spell({ location }),
  }
}

function post(
  method: Method,
  projectId: ProjectId,
  segments: readonly string[],
  body: Record<string, Json | undefined>,
): BigQueryCall {
  return { method, projectId, verb: 'POST', path: pathOf(projectId, segments), query: {}, body }
}

function pathOf(projectId: ProjectId, segments: readonly string[]): string {
  return ['', 'projects', projectId, ...segments].map(encodeURIComponent).join('/')
}

function spell(query: Query): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )
}
