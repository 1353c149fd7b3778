import { z } from 'zod'

import { getCall } from '../../bigquery/build-call.ts'
import type { ProjectId } from '../../bigquery/reference.ts'
import type { JobPlace, TimeSpan } from '../../recording/reconcile/job-history.ts'
import { askTwice } from './ask-twice.ts'
import type { Exchange } from './exchange.ts'
import { BigQueryUnavailable } from './own-questions.ts'

const list = z.object({
  nextPageToken: z.string().optional(),
  jobs: z.array(z.object({ jobReference: z.object({ location: z.string() }) })).default([]),
})

/**
 * The regions in which anybody started jobs, by `jobs.list`, which is no job and looks into all of them. Rejects with
 * `BigQueryUnavailable`.
 */
export async function placesOfJobs(
  call: Exchange['call'],
  connection: string,
  projectId: ProjectId,
  { from, to }: TimeSpan,
): Promise<readonly JobPlace[]> {
  const locations = new Set<string>()
  for (let pageToken: string | undefined; ;) {
    const asked = getCall('jobs.list', projectId, ['jobs'], {
      allUsers: true,
      minCreationTime: from,
      // What `creationTime` it is compared with is inclusive.
      maxCreationTime: to,
      maxResults: 1_000,
      fields: 'nextPageToken,jobs(jobReference(location))',
      pageToken,
    })
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const page = list.safeParse(await askTwice(call, connection, asked))
    if (!page.success) throw new BigQueryUnavailable('an answer is no list of jobs')
    for (const { jobReference } of page.data.jobs) locations.add(jobReference.location)
    pageToken = page.data.nextPageToken
    if (pageToken === undefined) return [...locations].map((location) => ({ projectId, location }))
  }
}
