import { type Finding, aboutCall } from './finding.ts'
import { type KnownEnd, type KnownRequest, startsJob } from './known-call.ts'

/**
 * Whether BigQuery must have a job for a call that ended so. Not for what failed, or was never answered: it may have
 * been refused before there was one.
 */
export function mustHaveRun(request: KnownRequest, { outcome, job }: KnownEnd): boolean {
  return (
    startsJob(request) &&
    (job !== undefined || outcome === 'released' || outcome === 'executed-not-delivered')
  )
}

/** What is wrong when BigQuery knows no job with the label of a call that must have run. */
export function withoutJob(request: KnownRequest, { outcome, job }: KnownEnd): Finding {
  return aboutCall(
    request.call,
    job ?? request.job,
    `bigquery has no job of it, and the record says \`${outcome}\``,
  )
}
