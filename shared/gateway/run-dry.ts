import { createHash } from 'node:crypto'

import type { Analysis } from '../analysis/analysis.ts'
import { crossCheck } from '../analysis/cross-check.ts'
import type { DryRun, DryRunFacts, DryRunRequest } from '../analysis/dry-run.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { inSpan } from '../kernel/span.ts'
import type { InstanceMemory } from './instance-memory.ts'
import type { Refusal } from './refusal.ts'
import { whileAsking } from './schemas.ts'

/**
 * The bytes a statement would process, once BigQuery's dry run sees in it what the analysis saw. Asked once
 * a minute for the same request on the same tables, views and routines.
 */
export async function runDry(
  memory: InstanceMemory,
  connection: { readonly id: string; readonly dryRun: DryRun },
  analysis: Analysis,
  request: DryRunRequest,
): Promise<Result<number, Refusal>> {
  const key = keyOf(connection.id, analysis, request)
  const known = memory.dryRuns.get(key)
  const facts = known === undefined ? await ask(connection.dryRun, request) : ok(known)
  if (!facts.ok) return facts
  memory.dryRuns.set(key, facts.value)
  const { touched } = analysis
  const checked =
    touched === undefined ? ok(undefined) : crossCheck({ ...analysis, touched }, facts.value)
  return checked.ok ? ok(facts.value.totalBytesProcessed) : checked
}

async function ask(dryRun: DryRun, request: DryRunRequest): Promise<Result<DryRunFacts, Refusal>> {
  const asked = await inSpan('dry run', {}, () => whileAsking(() => dryRun(request)))
  if (!asked.ok) return asked
  if (asked.value.ok) return asked.value
  const { error } = asked.value
  return error.problem === 'dry-run-refused'
    ? err({ problem: 'query-refused', error: error.error })
    : err({
        problem: 'not-understood',
        hint: 'write it more plainly: BigQuery describes it in a way Sluice does not know',
      })
}

function keyOf(connection: string, analysis: Analysis, request: DryRunRequest): string {
  const sources = (analysis.touched?.sources ?? []).map(({ kind, name, etag }) => [
    kind,
    name,
    etag,
  ])
  const { projectId, sql, parameters, parameterMode, location } = request
  const asked = [connection, projectId, sql, JSON.stringify(parameters), parameterMode, location]
  return createHash('sha256')
    .update(canonicalJson([asked.map((part) => part ?? ''), sources]))
    .digest('base64')
}
