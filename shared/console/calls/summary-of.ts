import type { RecordedSession } from '../../recording/envelope.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import type { CallSummary } from '../views/call-view.ts'
import { personOf, timeOf } from './person-of.ts'

/** A call as a list shows it. */
export function summaryOf(call: CallDocument): CallSummary {
  const { principal, session, approvers, masked, job } = call
  return {
    call: call.call,
    at: timeOf(call.at),
    principal: principal && personOf(principal),
    session: session?.id,
    claimed: claimedOf(session),
    sourceAddress: session?.verified.sourceAddress,
    method: call.method,
    statementType: call.statementType,
    strippedSql: call.strippedSql,
    fingerprint: call.fingerprint,
    tables: [...call.tables],
    targets: [...call.targets],
    columns: [...call.columns],
    filterColumns: [...call.filterColumns],
    masked: masked.map(({ column, mask }) => ({ column, mask })),
    tags: [...call.tags],
    decision: call.decision,
    rules: [...call.rules],
    problem: call.problem,
    reason: call.reason,
    grant: call.grant,
    approval: call.approval,
    approvers: approvers.map(({ name }) => name),
    outcome: call.outcome,
    durationMs: call.durationMs,
    job: job && { projectId: job.projectId, jobId: job.jobId, location: job.location },
    rows: call.rows,
    bytesProcessed: call.bytesProcessed,
    bytesBilled: call.bytesBilled,
    replayOf: call.replayOf,
    flags: call.flags.map(({ rule, why }) => ({ rule, why })),
  }
}

/** What a client said of itself. */
export function claimedOf(session: RecordedSession | undefined): CallSummary['claimed'] {
  const { server, tool, name, userAgent } = session?.claimed ?? {}
  return { server, tool, name, userAgent }
}
