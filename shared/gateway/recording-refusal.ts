import type { CallFacts } from '../recording/entry.ts'
import type { CallClosed } from '../recording/record-outcome.ts'
import type { RecordingProblem } from '../recording/recorder.ts'
import type { Refusal } from './refusal.ts'

/** What to tell the log of a problem of recording. */
export function causeOf(problem: RecordingProblem | CallClosed): Error {
  return 'cause' in problem && problem.cause instanceof Error
    ? problem.cause
    : new Error(problem.problem)
}

/** What the caller hears of a request that could not be recorded. */
export function recordingRefusal(
  problem: RecordingProblem | { readonly problem: 'request-id-reused' },
  { method, job }: CallFacts,
): Refusal {
  switch (problem.problem) {
    case 'request-id-reused':
      // What BigQuery says of a second job under one id; Python and dbt then look at the first.
      return method === 'jobs.insert' && job !== undefined
        ? {
            problem: 'job-id-taken',
            what: `Job ${job.projectId}:${job.location ?? ''}.${job.jobId}`,
          }
        : { problem: 'request-id-reused' }
    case 'entry-too-large':
      return {
        problem: 'malformed',
        message: 'the query with its parameters is too large to be recorded; send less at once',
      }
    case 'store-unavailable':
      return { problem: 'record-unavailable', cause: causeOf(problem) }
  }
}
