import type { RequestEntry } from '../../recording/entry.ts'
import { jobOwner } from '../../recording/job-owner.ts'
import type { JobRecord, Jobs } from '../../recording/job.ts'

/** The job that was claimed for a call, if one was. */
export type ClaimedJob = (
  entry: Pick<RequestEntry, 'projectId' | 'call' | 'at'> & Parameters<typeof jobOwner>[0],
) => Promise<JobRecord | undefined>

const PAGE = 200
/** A job is kept as of the arrival of its request, whose analysis comes before its entry. */
const EARLIER_MS = 10 * 60_000

interface Walk {
  readonly byCall: Map<string, JobRecord>
  /** Every newer job was seen. */
  seenFrom: number
  before: string | undefined
}

/**
 * Finds the job of a call whose request does not name one, which BigQuery did: among the jobs of who asked. One
 * walk through them serves all their calls, if they are asked for one after the other.
 */
export function claimedJobs(jobs: Jobs): ClaimedJob {
  const walks = new Map<string, Walk>()
  return async ({ principal, replay, projectId, call, at }) => {
    if (projectId === undefined) return undefined
    const owner = jobOwner({ principal, replay })
    const key = JSON.stringify([owner, projectId])
    const walk = walks.get(key) ?? { byCall: new Map(), seenFrom: Infinity, before: undefined }
    walks.set(key, walk)
    while (!walk.byCall.has(call) && walk.seenFrom >= at - EARLIER_MS) {
      const query = { owner, projectId, limit: PAGE, before: walk.before }
      // oxlint-disable-next-line no-await-in-loop -- page by page
      const page = await jobs.list(query)
      if (!page.ok) throw new Error('a cursor that the store does not know')
      for (const job of page.value.jobs) walk.byCall.set(job.call, job)
      walk.before = page.value.before
      walk.seenFrom =
        walk.before === undefined ? -Infinity : (page.value.jobs.at(-1)?.at ?? -Infinity)
    }
    return walk.byCall.get(call)
  }
}
