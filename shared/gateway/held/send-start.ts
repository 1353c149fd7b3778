import { getCall } from '../../bigquery/build-call.ts'
import { parseJobId } from '../../bigquery/reference.ts'
import { parseErrorBody } from '../../bigquery/upstream-error.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { RecordedPermit } from '../../recording/recorded-permit.ts'
import { about } from '../../recording/resume.ts'
import type { UpstreamReply } from '../../upstream/upstream.ts'
import { isOutage } from '../end-of-call.ts'
import { governedError } from '../governed-error.ts'
import type { Ports } from '../ports.ts'
import { parseResource, textAt } from '../resources.ts'
import { sendOnce } from '../send.ts'

/**
 * Makes the `jobs.insert` of a held query. BigQuery refuses a second job of one id, and the label says that the
 * first is ours: then it has started. The error says why it never will; rejects when nobody can say.
 */
export async function sendStart(
  ports: Ports,
  permit: RecordedPermit,
  job: { readonly jobId: string; readonly label: string },
): Promise<Result<void, string>> {
  const reply = await send(ports, permit)
  const { status } = reply
  if (status < 400) return ok(undefined)
  if (status === 409) return isOurs(ports, permit, job)
  const error = parseErrorBody(reply.body)
  if (isOutage(status, error?.reason)) throw new Error(`bigquery answered ${status}`)
  const { reason, message } = governedError(
    status,
    error?.reason ?? 'unknown',
    error?.message ?? '',
  )
  return err(
    `BigQuery refused it: ${permit.release.governed ? `${reason}: ${message}` : (error?.message ?? reason)}`,
  )
}

async function isOurs(
  ports: Ports,
  permit: RecordedPermit,
  job: { readonly jobId: string; readonly label: string },
): Promise<Result<void, string>> {
  const { projectId, body } = permit.call
  const jobId = parseJobId(job.jobId)
  if (jobId === undefined) throw new Error('a held job without an id')
  const location = textAt(body ?? {}, 'jobReference', 'location')
  const call = getCall('jobs.get', projectId, ['jobs', jobId], { location })
  const state = parseResource((await send(ports, about(permit, call))).body)
  if (!state.ok) throw new Error('bigquery answered in another form')
  return textAt(state.value, 'configuration', 'labels', 'sluice_entry') === job.label
    ? ok(undefined)
    : err('its job id belongs to another job')
}

async function send(ports: Ports, permit: RecordedPermit): Promise<UpstreamReply> {
  const sent = await sendOnce(ports.upstream, NEVER)(permit)
  if (!sent.ok) throw new Error(`bigquery did not answer: ${sent.error.problem}`)
  return sent.value
}

const NEVER = new AbortController().signal
