import { getCall } from '../bigquery/build-call.ts'
import {
  type TableReference,
  formatTable,
  parseProjectId,
  tableReference,
} from '../bigquery/reference.ts'
import { principalKey } from '../identity/principal.ts'
import { bareFacts } from '../recording/bare-facts.ts'
import type { RecordedJob } from '../recording/envelope.ts'
import type { ReleaseTerms } from '../recording/release-terms.ts'
import { releaseTerms } from '../recording/release-terms.ts'
import type { Handle } from './action.ts'
import { builtInDecision } from './built-in-decision.ts'
import { decideRead } from './decide-read.ts'
import { takenBack } from './held/taken-back.ts'
import type { MethodRequest } from './method.ts'
import { type Outcome, fail, refuse } from './outcome.ts'
import { lookUp, recordedJob } from './own-jobs.ts'
import { make, proceed } from './pipeline.ts'
import type { Ports } from './ports.ts'

/** What a call asks of a table, and how. */
export interface TableCall {
  /** Below the table. */
  readonly segments: readonly string[]
  /** Columns that leave, as `selectedFields` names them; undefined for all. */
  readonly selectedFields: string | undefined
  /**
   * Query parameters and the handle, under the terms of whoever wrote the table or may read it; undefined
   * when the parameters make no sense under them. `job` wrote the table.
   */
  readonly under: (
    terms: ReleaseTerms,
    job: RecordedJob | undefined,
  ) =>
    | {
        readonly query: Readonly<Record<string, string | number | boolean | undefined>>
        readonly handle: Handle
      }
    | undefined
}

/**
 * A call about one table: by policy like a SELECT from it, or, for the anonymous table of a result,
 * by whose job wrote it.
 */
export async function onTable(
  ports: Ports,
  request: MethodRequest,
  { segments, selectedFields, under }: TableCall,
): Promise<Outcome> {
  const { caller, callId, method, path } = request
  const { projectId = '', datasetId = '', tableId = '' } = path
  // Views of the catalog are no tables: what they list is not what the caller may query.
  const isCatalog = /^(__.*__|INFORMATION_SCHEMA\..*)$/i.test(tableId)
  const table = isCatalog ? undefined : tableReference(projectId, datasetId, tableId)
  const unread = bareFacts(method, parseProjectId(projectId))
  if (table === undefined) return refuse({ problem: 'not-found', what: 'Table' }, callId, unread)
  const name = formatTable(table)
  const { justification } = caller.facts
  const facts = { ...unread, tables: [name], statementType: 'SELECT', justification }
  const notFound = { problem: 'not-found', what: `Table ${bigQueryName(table)}` } as const
  const malformed = { problem: 'malformed', message: 'invalid `pageToken`' } as const
  const callWith = (query: Parameters<typeof getCall>[3]) =>
    getCall(
      method,
      table.projectId,
      ['datasets', table.datasetId, 'tables', table.tableId, ...segments],
      query,
    )
  // BigQuery hides datasets that start with an underscore; results of queries live there.
  if (table.datasetId.startsWith('_')) {
    const owner = principalKey(caller.principal)
    const found = await lookUp(() => ports.jobs.findByResultTable(name, owner))
    if (!found.ok) return refuse(found.error, callId, facts)
    const job = found.value
    if (job === undefined) return refuse(notFound, callId, facts)
    const revoked = await takenBack(ports, job)
    if (revoked !== undefined) return fail(revoked, job.call, { ...facts, job: recordedJob(job) })
    const asked = under(job.release, recordedJob(job))
    if (asked === undefined) return refuse(malformed, callId, facts)
    return proceed(ports, caller, job, {
      call: callWith(asked.query),
      facts: { ...facts, job: recordedJob(job) },
      handle: asked.handle,
    })
  }
  const read = await decideRead(ports, caller, table, selectedFields)
  if (!read.ok) return refuse(read.error, callId, facts)
  const { outputs } = read.value
  // Who may ask for its rows may know what it is.
  const decision =
    segments.length === 0 && read.value.decision.effect === 'require-approval'
      ? builtInDecision(caller.policy, table.projectId, 'visible-metadata')
      : read.value.decision
  if (decision.effect !== 'permit') {
    const refusal =
      decision.effect === 'deny'
        ? ({ problem: 'denied', decision } as const)
        : ({ problem: 'approval-needed', decision } as const)
    return refuse(refusal, callId, facts, decision)
  }
  const asked = under(releaseTerms(decision.obligations, outputs), undefined)
  if (asked === undefined) return refuse(malformed, callId, facts)
  return make(ports, caller, {
    callId,
    facts,
    isCounted: segments.length > 0,
    decide: () => decision,
    outputs,
    call: () => callWith(asked.query),
    handle: asked.handle,
  })
}

const bigQueryName = ({ projectId, datasetId, tableId }: TableReference) =>
  `${projectId}:${datasetId}.${tableId}`
