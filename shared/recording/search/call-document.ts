import type { Decision } from '../../policy/decision.ts'
import type { Entry } from '../entry.ts'
import { approvalFacts } from './approval-facts.ts'
import { deliveredFacts } from './delivered-facts.ts'
import { maskedColumns } from './masked-columns.ts'
import type { CallDocument } from './search-document.ts'

const MOST_SQL = 2_000

/** A call by what there is of it; undefined when neither request nor refusal is. */
export function callDocument(entries: readonly Entry[]): CallDocument | undefined {
  const opened =
    entries.find((entry) => entry.type === 'request') ??
    entries.find((entry) => entry.type === 'refusal')
  if (opened === undefined) return undefined
  const delivered = deliveredFacts(entries)
  const { decision } = opened
  return {
    kind: 'call',
    id: `call~${opened.call}`,
    at: opened.at,
    call: opened.call,
    principal: opened.principal,
    session: opened.session,
    method: opened.method,
    projectId: opened.projectId,
    dryRun: opened.dryRun,
    statementType: opened.statementType ?? delivered.statementType,
    strippedSql: opened.strippedSql?.slice(0, MOST_SQL),
    fingerprint: opened.fingerprint,
    tables: opened.tables,
    targets: opened.targets,
    columns: opened.columns ?? [],
    filterColumns: opened.filterColumns ?? [],
    masked: maskedColumns(decision),
    tags: opened.tags ?? [],
    ...decisionFacts(decision),
    problem: opened.type === 'refusal' ? opened.problem : undefined,
    grant: opened.type === 'request' ? opened.grant : undefined,
    ...approvalFacts(entries),
    outcome: delivered.outcome,
    endedAt: opened.type === 'refusal' ? opened.at : delivered.endedAt,
    durationMs: delivered.durationMs,
    job: delivered.job ?? opened.job,
    rows: delivered.rows,
    bytesProcessed: delivered.bytesProcessed,
    bytesBilled: delivered.bytesBilled,
    replayOf: opened.type === 'request' ? opened.replay?.of : undefined,
    flags: [],
  }
}

function decisionFacts(decision: Decision | undefined) {
  return {
    decision: decision?.effect ?? ('refused' as const),
    rules: decision?.rules ?? [],
    reason: decision?.effect === 'deny' ? decision.reason : undefined,
    policyDigest: decision?.policyDigest,
  }
}
