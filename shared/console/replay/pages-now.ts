import type { Caller } from '../../gateway/caller.ts'
import { queryResults } from '../../gateway/methods/query-results.ts'
import type { Released } from '../../gateway/outcome.ts'
import { readParameters } from '../../gateway/parameters.ts'
import type { Ports } from '../../gateway/ports.ts'
import { newCallId } from '../../recording/call-id.ts'
import type { PageNow } from './compare.ts'
import type { RanAgain } from './run-again.ts'

/** How pages are asked for. */
interface Paging {
  /** How many rows each page had then. */
  readonly rowsThen: readonly number[]
  /** Parameters of `jobs.getQueryResults`; none for the first answer as it came. */
  readonly format: Readonly<Record<string, string>>
}

/** What the call that ran would have handed over at once; undefined for nothing. */
export function firstPage({ released }: RanAgain): PageNow | undefined {
  return pageOf(released)
}

/**
 * The pages of a result as the caller would get them, of as many rows as those of then. As many as there are: fewer when
 * the result ends before.
 */
export async function pagesNow(
  ports: Ports,
  caller: Caller,
  ran: RanAgain,
  { rowsThen, format }: Paging,
): Promise<readonly PageNow[]> {
  const first = firstPage(ran)
  const job = first?.delivery.job
  if (first === undefined || job === undefined) return first === undefined ? [] : [first]
  const isUsual = Object.keys(format).length === 0
  const pages = isUsual ? [first] : []
  let startIndex = isUsual ? first.delivery.rows : 0
  for (const maxResults of isUsual ? rowsThen.slice(1) : rowsThen) {
    const parameters = readParameters(
      'jobs.getQueryResults',
      new URLSearchParams({
        ...format,
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
