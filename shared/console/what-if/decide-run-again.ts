import { z } from '@hono/zod-openapi'

import { type QueryParameter, queryParameter } from '../../bigquery/query-parameter.ts'
import type { ProjectId } from '../../bigquery/reference.ts'
import type { Decidable } from '../../gateway/caller.ts'
import { decideStatement } from '../../gateway/decide-statement.ts'
import type { QueryRun } from '../../gateway/query-run.ts'
import { statementOfRun } from '../../gateway/statement-of-run.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { Decision } from '../../policy/decision.ts'
import { needsEstimate } from '../../policy/needs.ts'
import type { RefusalEntry, RequestEntry } from '../../recording/entry.ts'
import type { WhatIfPorts } from './what-if-ports.ts'
import { type NotCompared, reasonOf } from './why-not.ts'

/** A query on the record, with what stands beside it. */
interface RecordedQuery {
  readonly entry: RequestEntry | RefusalEntry
  readonly projectId: ProjectId
  readonly asked: { readonly sql?: string | undefined; readonly parameters?: unknown }
}

const parameters = z.array(queryParameter).default([])

/** What policy says to a query that is on the record; by the estimate on the record, as nothing is run dry. */
export async function runAgain(
  ports: WhatIfPorts,
  caller: Decidable,
  { entry, projectId, asked: { sql, parameters: given } }: RecordedQuery,
): Promise<Result<Decision, NotCompared>> {
  // What was not analysed has the client's own text: what its names meant is not on the record.
  if (sql === undefined || entry.statementType === undefined) return err('not-analysed')
  const read = parameters.safeParse(given)
  if (!read.success) return err('not-understood')
  const run = runOf(entry, projectId, sql, read.data)
  const { estimatedBytes } = entry
  let isUnknown = false
  const decided = await decideStatement(
    ports,
    caller,
    statementOfRun(caller, run, entry.call),
    async (_ports, policy) => {
      isUnknown = estimatedBytes === undefined && needsEstimate(policy)
      return ok(estimatedBytes ?? 0)
    },
  )
  if (isUnknown) return err('no-estimate')
  if (decided.ok) return ok(decided.value.decision)
  const { decision, refusal } = decided.error
  return decision === undefined ? err(reasonOf(refusal)) : ok(decision)
}

function runOf(
  { dryRun }: RequestEntry | RefusalEntry,
  projectId: ProjectId,
  sql: string,
  given: readonly QueryParameter[],
): QueryRun {
  const [first] = given
  return {
    method: 'jobs.query',
    projectId,
    sql,
    // Canonical text names everything in full.
    defaultDataset: undefined,
    location: undefined,
    parameters: given,
    parameterMode: first && (first.name === undefined ? 'POSITIONAL' : 'NAMED'),
    dryRun,
    labels: {},
    maximumBytesBilled: undefined,
    jobTimeoutMs: undefined,
    useQueryCache: undefined,
    priority: undefined,
    maxResults: undefined,
    timeoutMs: undefined,
    formatOptions: undefined,
    requestId: undefined,
    jobId: undefined,
  }
}
