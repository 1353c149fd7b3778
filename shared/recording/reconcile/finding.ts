import { createHash } from 'node:crypto'

import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { RecordedJob } from '../envelope.ts'
import type { AlertEntry } from '../upkeep-entry.ts'
import type { ReadSession } from './cloud-audit-logs.ts'
import type { PastJob } from './job-history.ts'

/** Something that does not fit, before it is on the record. */
export type Finding = Pick<AlertEntry, 'alert' | 'detail' | 'call' | 'job' | 'account'>

/** What is wrong about a job. `detail`: in fixed words, for people. */
export function aboutJob(
  alert: AlertEntry['alert'],
  { projectId, jobId, location, account }: PastJob,
  call: string | undefined,
  detail: string,
): Finding {
  return { alert, detail, call, job: { projectId, jobId, location }, account }
}

/** Rows that left without any job. Sluice never reads so. */
export function aboutReadSession({ session, account }: ReadSession): Finding {
  const detail = 'it is no job but a session of the Storage Read API, which Sluice never opens'
  return { alert: 'job-without-entry', detail, call: undefined, job: session, account }
}

/** A call that BigQuery should know of. */
export function aboutCall(call: string, job: RecordedJob | undefined, detail: string): Finding {
  return { alert: 'entry-without-job', detail, call, job, account: undefined }
}

/** The entry of a finding: the same id whenever the same is found again. */
export function alertEntry(finding: Finding, at: number): AlertEntry {
  const { alert, call, job } = finding
  const about = job === undefined ? { alert, call } : { alert, call, ...job }
  const digest = createHash('sha256').update(canonicalJson(about)).digest('hex')
  return { v: 1, type: 'alert', id: `alert~${digest}`, at, ...finding }
}
