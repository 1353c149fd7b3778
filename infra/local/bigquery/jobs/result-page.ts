import { BigQueryError } from '../errors.ts'
import type { Column } from '../types/sql-type.ts'
import { formatRow, type FormattedRow } from '../values/format-row.ts'
import type { FormatOptions } from '../values/format-scalar.ts'
import type { Row } from '../values/value.ts'

/** Which rows of a result, and how. */
export interface PageRequest {
  /** Of an earlier page; it wins over `startIndex`. */
  readonly pageToken?: string | undefined
  readonly startIndex?: number | undefined
  readonly maxResults?: number | undefined
  readonly format: FormatOptions
}

/** Some rows of a result. */
export interface Page {
  readonly rows: readonly FormattedRow[]
  /** Absent on the last page. */
  readonly pageToken?: string
}

const MOST_ROWS = 10_000
const MOST_BYTES = 10_000_000

/**
 * The rows of a result that fit a page: 10 MB, 10,000 rows, and no more than were asked for. Page tokens
 * say where the next page begins and nothing else, so those of one method do for another, as in BigQuery.
 */
export function resultPage(
  columns: readonly Column[],
  rows: readonly Row[],
  { pageToken, startIndex = 0, maxResults = MOST_ROWS, format }: PageRequest,
): Page {
  const start = pageToken === undefined || pageToken === '' ? startIndex : offsetOf(pageToken)
  const most = Math.min(maxResults, MOST_ROWS)
  const page: FormattedRow[] = []
  let bytes = 0
  for (const row of rows.slice(start, start + most)) {
    const formatted = formatRow(columns, row, format)
    bytes += Buffer.byteLength(JSON.stringify(formatted))
    if (bytes > MOST_BYTES && page.length > 0) break
    page.push(formatted)
  }
  const end = start + page.length
  // Who asks for no rows is waiting for the job, not reading.
  return end < rows.length && most > 0 ? { rows: page, pageToken: tokenOf(end) } : { rows: page }
}

function tokenOf(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64url')
}

function offsetOf(token: string): number {
  const text = Buffer.from(token, 'base64url').toString()
  const [matched, offset] = /^\{"offset":(\d{1,15})\}$/.exec(text) ?? []
  if (matched === undefined) throw new BigQueryError('invalid', 'Invalid page token')
  return Number(offset)
}
