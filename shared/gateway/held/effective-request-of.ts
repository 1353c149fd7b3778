import type { EffectiveRequest } from '../../approval/effective-request.ts'
import type { ApprovalRequired } from '../../approval/permit.ts'
import { parseJobResource } from '../../bigquery/query-request.ts'
import { parseProjectId } from '../../bigquery/reference.ts'
import type { Caller } from '../caller.ts'
import type { Known } from '../decide-statement.ts'
import { type QueryRun, runOfJob, wireParameter } from '../query-run.ts'
import { justificationOf } from '../statement-of-run.ts'

/** A run as people approve it: what it does, for whom, under which decision, on what. */
export function effectiveRequestOf(
  caller: Caller,
  run: QueryRun,
  { analysis }: Pick<Known, 'analysis'>,
  decision: ApprovalRequired,
): EffectiveRequest {
  const { issuer, subject, groups, clientId, email, claims, actors } = caller.principal
  const { maximumBytesBilled, jobTimeoutMs, useQueryCache, priority, labels } = run
  return {
    principal: { issuer, subject, groups, clientId, email, claims, actors },
    session: caller.session.id,
    projectId: run.projectId,
    location: run.location,
    sql: analysis.canonicalSql,
    defaultDataset: run.defaultDataset && { ...run.defaultDataset },
    parameters: run.parameters.map(wireParameter),
    parameterMode: run.parameterMode,
    options: { maximumBytesBilled, jobTimeoutMs, useQueryCache, priority, labels: { ...labels } },
    justification: justificationOf(caller, run),
    decision,
    sources: (analysis.touched?.sources ?? []).map(({ kind, name, etag }) => ({
      kind,
      name,
      etag,
    })),
  }
}

/**
 * The run that `request` asks for, as the `jobs.insert` of `jobId`: read like one that a client sends. Throws when
 * it is no run, which none is that was ever held.
 */
export function runOfRequest(request: EffectiveRequest, jobId: string): QueryRun {
  const { projectId, location, sql, defaultDataset, parameters, parameterMode, options } = request
  const { maximumBytesBilled, jobTimeoutMs, useQueryCache, priority, labels } = options
  const project = parseProjectId(projectId)
  const body = parseJobResource({
    configuration: {
      query: {
        query: sql,
        useLegacySql: false,
        defaultDataset,
        queryParameters: parameters,
        parameterMode,
        maximumBytesBilled,
        useQueryCache,
        priority,
      },
      labels,
      jobTimeoutMs,
    },
    jobReference: { projectId, jobId, location },
  })
  const run = project !== undefined && body.ok ? runOfJob(project, body.value) : undefined
  if (run?.ok !== true) throw new Error('a held request is no request')
  return run.value
}
