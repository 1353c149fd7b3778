import type { Grant } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import { CLAIM_MS } from '../../approval/transitions.ts'
import { jobState } from '../job-state.ts'
import type { Ports } from '../ports.ts'

/** A start that somebody claimed, and never said how it went. */
export type AbandonedStart =
  /** They may still be at it. */
  | 'under-way'
  /** BigQuery has the job. */
  | 'started'
  /** BigQuery has no such job; a request for it may be on its way. */
  | 'not-yet'
  /** BigQuery has no such job, and nobody sends for one any more. */
  | 'never'

/** Nobody sends so long after a claim: a request begins before the claim is void, and is given up after 75 s. */
const SENT_MS = CLAIM_MS + 2 * 60_000

/** What became of a start that was claimed. Rejects when BigQuery does not say. */
export async function abandonedStart(ports: Ports, grant: Grant): Promise<AbandonedStart> {
  const { claimedAt = 0 } = standingOf(grant)
  const now = ports.clock()
  if (now < claimedAt + CLAIM_MS) return 'under-way'
  const { projectId, jobId } = grant.job
  const job = await ports.jobs.find(projectId, jobId)
  if (job === undefined) throw new Error('a held job that nobody claimed')
  const sent = await jobState(ports, { signal: new AbortController().signal }, job)
  if (!sent.ok) throw new Error(`bigquery did not answer: ${sent.error.problem}`)
  const { status } = sent.value
  if (status < 400) return 'started'
  if (status !== 404) throw new Error(`bigquery answered ${status}`)
  return now < claimedAt + SENT_MS ? 'not-yet' : 'never'
}
