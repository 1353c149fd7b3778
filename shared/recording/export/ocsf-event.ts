import type { OutcomeEntry, RefusalEntry, RequestEntry } from '../entry.ts'
import { actorOf, endpointOf, storeOf } from './ocsf-objects.ts'

/** A call, as far as the record has it. */
export interface RecordedCall {
  readonly asked: RequestEntry | RefusalEntry
  /** Hash of the entry it was asked by, hex. */
  readonly hash: string
  /** Undefined while it has none. */
  readonly outcome: OutcomeEntry | undefined
  /** Its text; undefined where only the one without values is to be shown, or is known. */
  readonly sql: string | undefined
}

/** An OCSF event: JSON. */
export type OcsfEvent = Readonly<Record<string, unknown>>

const CATEGORY = 6
const CLASS = CATEGORY * 1_000 + 5
const QUERY = 4

/** A call as Datastore Activity: Query of OCSF 1.8.0. https://schema.ocsf.io/1.8.0/classes/datastore_activity */
export function ocsfEvent(call: RecordedCall, log: string): OcsfEvent {
  const { asked, hash, outcome } = call
  const { severity_id, ...status } = statusOf(call)
  return {
    activity_id: QUERY,
    activity_name: 'Query',
    category_uid: CATEGORY,
    category_name: 'Application Activity',
    class_uid: CLASS,
    class_name: 'Datastore Activity',
    type_uid: CLASS * 100 + QUERY,
    type_name: 'Datastore Activity: Query',
    time: asked.at,
    start_time: asked.at,
    end_time: outcome?.at,
    duration: outcome?.durationMs,
    severity_id,
    ...status,
    metadata: {
      version: '1.8.0',
      product: { name: 'Sluice', vendor_name: 'Sluice' },
      log_name: log,
      uid: asked.id,
      correlation_uid: asked.session?.id,
    },
    actor: actorOf(asked),
    src_endpoint: endpointOf(asked),
    ...storeOf(asked),
    query_info: queryOf(call),
    unmapped: {
      entry_hash: hash,
      call: asked.call,
      method: asked.method,
      dry_run: asked.dryRun,
      statement_type: asked.statementType,
      fingerprint: asked.fingerprint,
      tables: asked.tables,
      targets: asked.targets,
      effect: asked.decision?.effect,
      rules: asked.decision?.rules,
      policy_digest: asked.decision?.policyDigest,
      ...(asked.type === 'request' && { grant: asked.grant, connection: asked.connection }),
      outcome: outcome?.outcome,
      credential_version: outcome?.credentialVersion,
      rows: outcome?.delivery?.rows,
      total_rows: outcome?.delivery?.totalRows,
      total_bytes_billed: outcome?.delivery?.totalBytesBilled,
      cache_hit: outcome?.delivery?.cacheHit,
      delivered_bytes: outcome?.delivery?.bytes,
      delivered_digest: outcome?.delivery?.digest,
    },
  }
}

const INFORMATIONAL = { severity_id: 1, severity: 'Informational' }
const LOW = { severity_id: 2, severity: 'Low' }

function statusOf({ asked, outcome }: RecordedCall) {
  const failure = { status_id: 2, status: 'Failure', ...LOW }
  if (asked.type === 'refusal') return { ...failure, status_code: asked.problem }
  const status_code = outcome?.delivery?.errorReason
  const status_detail = outcome?.detail
  switch (outcome?.outcome) {
    case undefined:
      return { status_id: 0, status: 'Unknown', ...INFORMATIONAL }
    case 'released':
      return { status_id: 1, status: 'Success', ...INFORMATIONAL }
    case 'failed':
    case 'not-run':
      return { ...failure, status_code, status_detail }
    case 'unanswered':
    case 'not-delivered':
    case 'executed-not-delivered':
      return { status_id: 99, status: outcome?.outcome, ...LOW, status_detail }
  }
}

function queryOf({ asked, outcome, sql }: RecordedCall) {
  const query_string = sql ?? asked.strippedSql
  const delivery = outcome?.delivery
  const bytes = Number(delivery?.totalBytesProcessed)
  return query_string === undefined
    ? undefined
    : {
        query_string,
        uid: (delivery?.job ?? asked.job)?.jobId,
        bytes: Number.isSafeInteger(bytes) ? bytes : undefined,
      }
}
