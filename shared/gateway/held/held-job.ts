import type { Grant, HeldJob } from '../../approval/grant.ts'
import type { SqlField } from '../../bigquery/sql-type.ts'
import { principalKey } from '../../identity/principal.ts'
import type { JobRecord } from '../../recording/job.ts'
import { releaseTerms } from '../../recording/release-terms.ts'

/** The job a caller waits for, as it is kept: theirs from before anybody is asked. */
export function heldJobRecord(
  grant: Pick<
    Grant,
    'id' | 'call' | 'connection' | 'request' | 'requestEntry' | 'effectiveDigest' | 'requestedAt'
  > & { readonly job: HeldJob },
  outputs: readonly SqlField[] | undefined,
): JobRecord {
  const { job, request } = grant
  return {
    projectId: job.projectId,
    jobId: job.jobId,
    location: job.location,
    connection: grant.connection,
    owner: principalKey(request.principal),
    call: grant.call,
    session: request.session,
    request: grant.requestEntry,
    effectiveDigest: grant.effectiveDigest,
    dryRun: false,
    grant: grant.id,
    release: releaseTerms(request.decision.obligations, outputs),
    at: grant.requestedAt,
  }
}
