import type { Caller } from '../../gateway/caller.ts'
import type { Ports } from '../../gateway/ports.ts'
import { type ComparedResults, compareResults, resultsOf } from './compare.ts'
import { firstPage, pagesNow } from './pages-now.ts'
import type { RecordedDelivery } from './recorded-call.ts'
import type { RanAgain } from './run-again.ts'

/** In what else than the usual BigQuery writes timestamps, if it is asked to. */
const FORMATS: readonly Readonly<Record<string, string>>[] = [
  { 'formatOptions.useInt64Timestamp': 'true' },
  { 'formatOptions.timestampOutputFormat': 'ISO8601_STRING' },
]

/**
 * How the pages of now compare with those of then. How a client had timestamps written is not on the record, so rows with
 * timestamps are the same if they are in one of the forms there are. A job that does not end in time leaves it open.
 */
export async function comparedPages(
  ports: Ports,
  caller: Caller,
  ran: RanAgain,
  then: readonly RecordedDelivery[],
): Promise<ComparedResults> {
  const rowsThen = then.map(({ delivery }) => delivery.rows)
  const first = firstPage(ran)
  // Without a result it has not ended, or has none.
  const now = resultsOf(first === undefined ? [] : [first])
  if (now.length === 0) return compareResults(then, [])
  const usual = compareResults(then, await pagesNow(ports, caller, ran, { rowsThen, format: {} }))
  const hasTimestamps = then.some(({ delivery }) => /"TIMESTAMP"/.test(delivery.schema ?? ''))
  if (usual.digest !== 'different' || !hasTimestamps) return usual
  for (const format of FORMATS) {
    // oxlint-disable-next-line no-await-in-loop -- one form after the other, until one fits
    const pages = await pagesNow(ports, caller, ran, { rowsThen, format })
    const other = compareResults(then, pages)
    if (other.digest === 'same') return other
  }
  return usual
}
