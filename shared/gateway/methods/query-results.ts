import { getCall } from '../../bigquery/build-call.ts'
import { ok } from '../../kernel/result.ts'
import { bareFacts } from '../../recording/bare-facts.ts'
import { resume } from '../../recording/resume.ts'
import { awaitHeld } from '../held/answer-held.ts'
import { awaited, pendingRows } from '../held/pending-reply.ts'
import { aboutOwnJob, hasFailed } from '../job-state.ts'
import { holdMs } from '../long-poll.ts'
import type { ServeMethod } from '../method.ts'
import { fail, refuse } from '../outcome.ts'
import { findOwn, recordedJob } from '../own-jobs.ts'
import { proceed } from '../pipeline.ts'
import { releaseRows } from '../release-rows.ts'
import { askedRows, rowWindow } from '../row-window.ts'
import { waitForJob } from '../wait-for-job.ts'

/** `jobs.getQueryResults`: waits for a job of the caller and hands over a page of its rows. */
export const queryResults: ServeMethod = async (ports, request) => {
  const { caller, parameters } = request
  const found = await findOwn(ports, request)
  if (!found.ok) return found
  const own = found.value
  const method = 'jobs.getQueryResults'
  const maxResults = parameters.count('maxResults')
  const window = rowWindow(askedRows(parameters), own.record.release.maximumRows)
  if (window === undefined)
    return refuse(
      { problem: 'malformed', message: 'invalid `pageToken`' },
      request.callId,
      bareFacts(method, own.projectId),
    )
  const timeoutMs = parameters.count('timeoutMs')
  const { apiClient, userAgent } = caller.facts
  const until =
    caller.at + holdMs({ method, timeoutMs, maxResults, apiClient, userAgent }, ports.hold)
  if (own.record.grant !== undefined) {
    const facts = { ...bareFacts(method, own.projectId), job: recordedJob(own.record) }
    const held = await awaitHeld(ports, caller, own.record, until)
    if (!held.ok) return fail(held.error, own.record.call, facts, 'require-approval')
    const { state, grant } = held.value
    if (state === 'waiting')
      return ok({
        reply: pendingRows(grant, 'bigquery#getQueryResultsResponse', parameters.fields),
        masks: [],
        effect: 'require-approval',
        approval: awaited(grant),
      })
  }
  const call = (wait: number) =>
    getCall(method, own.projectId, ['queries', own.jobId], {
      location: own.location,
      maxResults: window.maxResults,
      pageToken: window.pageToken,
      startIndex: window.startIndex,
      timeoutMs: wait,
      'formatOptions.useInt64Timestamp': parameters.flag('formatOptions.useInt64Timestamp'),
      'formatOptions.timestampOutputFormat': parameters.text('formatOptions.timestampOutputFormat'),
    })
  const jobHasFailed = () => hasFailed(ports, caller, own.record, own.location)
  return proceed(ports, caller, own.record, {
    call: call(0),
    facts: { ...bareFacts(method, own.projectId), job: recordedJob(own.record) },
    handle: {
      repeatable: true,
      jobHasFailed,
      send: aboutOwnJob(ports, caller, own.record, own.location, () =>
        waitForJob({ ...ports, signal: caller.signal, until, hasFailed: jobHasFailed }, (wait) =>
          resume(own.record, call(wait)),
        ),
      ),
      mask: (reply) =>
        releaseRows(reply, {
          terms: own.record.release,
          window,
          fields: parameters.fields,
          kind: 'bigquery#getQueryResultsResponse',
          timestampOutputFormat: parameters.text('formatOptions.timestampOutputFormat'),
          masking: ports.masking,
        }),
    },
  })
}
