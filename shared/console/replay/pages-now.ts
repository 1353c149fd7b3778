import type { Caller } from '../../gateway/caller.ts'
import { queryResults } from '../../gateway/methods/query-results.ts'
import type { Released } from '../../gateway/outcome.ts'
import { readParameters } from '../../gateway/parameters.ts'
import type { Ports } from '../../gateway/ports.ts'
import { newCallId } from '../../recording/call-id.ts'
import type { PageNow } from './compare.ts'
import type { RanAgain } from './run-again.ts'

/**
 * The pages of a result as the caller would get them, of as many rows as those of then. As many as there are: fewer when
 * the result ends before.
 */
export async function pagesNow(
  ports: Ports,
  caller: Caller,
  { released }: RanAgain,
  rowsThen: readonly number[],
): Promise<readonly PageNow[]> {
  const first = pageOf(released)
  const job = first?.delivery.job
  if (first === undefined || job === undefined) return first === undefined ? [] : [first]
  const pages = [first]
  let startIndex = first.delivery.rows
  for (const maxResults of rowsThen.slice(1)) {
    const parameters = readParameters(
      'jobs.getQueryResults',
      new URLSearchParams({
        startIndex: String(startIndex),
        maxResults: String(maxResults),
        ...(job.location === undefined ? {} : { location: job.location }),
      }),
    )
    if (!parameters.ok) throw new Error(parameters.error)
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const outcome = await queryResults(ports, {
      method: 'jobs.getQueryResults',
      caller,
      path: { projectId: job.projectId, jobId: job.jobId },
      parameters: parameters.value,
      body: undefined,
      callId: newCallId(ports.random),
    })
    const page = outcome.ok ? pageOf(outcome.value) : undefined
    if (page === undefined) break
    pages.push(page)
    startIndex += page.delivery.rows
  }
  return pages
}

/** What an entry says left, with the bytes of the rows that would have; undefined where nothing would. */
function pageOf({ reply, entry }: Released): PageNow | undefined {
  const recorded = entry?.entry
  const isDelivery = recorded?.type === 'outcome' || recorded?.type === 'page'
  const delivery = isDelivery ? recorded.delivery : undefined
  return delivery && { delivery, rows: delivery.rows === 0 ? undefined : reply.rows }
}
