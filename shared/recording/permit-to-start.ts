import { standingOf } from '../approval/standing.ts'
import type { BigQueryCall } from '../bigquery/call.ts'
import { mint } from '../kernel/brand.ts'
import { effectiveDigest, withJobLabels } from './job-labels.ts'
import type { RecordedGrant } from './record-grant.ts'
import type { RecordedPermit } from './recorded-permit.ts'
import { releaseTerms } from './release-terms.ts'
import type { Traced } from './traced.ts'

/**
 * The call that starts what a grant approved, under the request entry that was written when it was held.
 * Undefined when `call` is not the one that was recorded then. Throws unless the start was claimed.
 */
export function permitToStart(
  grant: RecordedGrant,
  call: BigQueryCall,
  traced?: Traced,
): RecordedPermit | undefined {
  if (!standingOf(grant).isStarting) throw new Error('a start that nobody claimed')
  if (effectiveDigest(call) !== grant.effectiveDigest) return undefined
  const { decision } = grant.request
  const session = { id: grant.request.session }
  return mint<RecordedPermit>({
    call: withJobLabels(call, { session, decision }, grant.requestEntry),
    effect: 'require-approval',
    connection: grant.connection,
    callId: grant.call,
    grant: grant.id,
    request: grant.requestEntry,
    effectiveDigest: grant.effectiveDigest,
    repeated: true,
    recordedAt: grant.requestedAt,
    release: releaseTerms(decision.obligations, undefined),
    traced,
  })
}
