import { type Result, err, ok } from '../kernel/result.ts'
import type { ScannedReply } from '../masking/reply-scanner.ts'
import type { Parameters } from './parameters.ts'

/** Which rows of a result a client asks for, in BigQuery's words. */
export interface AskedRows {
  readonly maxResults: number | undefined
  readonly pageToken: string | undefined
  readonly startIndex: string | undefined
}

/** The rows BigQuery is asked for. */
export interface RowWindow extends AskedRows {
  /** Where the page begins, where that matters. */
  readonly begin: number
  readonly maximumRows: number | undefined
}

const TOKEN = /^sluice-rows-(0|[1-9]\d{0,14})$/

/**
 * The rows to ask BigQuery for when `maximumRows` of a result may leave. Pages then begin at an index
 * and not at BigQuery's own token, which says to nobody but BigQuery where it begins. Undefined for a token
 * that is not ours, or an index that is no number.
 */
export function rowWindow(
  asked: AskedRows,
  maximumRows: number | undefined,
): RowWindow | undefined {
  if (maximumRows === undefined) return { ...asked, begin: 0, maximumRows }
  const begin = firstRow(asked)
  if (begin === undefined) return undefined
  const left = Math.max(0, maximumRows - begin)
  return {
    maxResults: Math.min(asked.maxResults ?? left, left),
    pageToken: undefined,
    startIndex: begin === 0 ? undefined : String(begin),
    begin,
    maximumRows,
  }
}

/** The rows that the parameters of a request ask for. */
export function askedRows(parameters: Parameters): AskedRows {
  return {
    maxResults: parameters.count('maxResults'),
    pageToken: parameters.text('pageToken'),
    startIndex: parameters.text('startIndex'),
  }
}

/** A page of the window as the caller gets to see it: its total and its token end at `maximumRows`. */
export function withinWindow(
  reply: ScannedReply,
  { begin, maximumRows }: Pick<RowWindow, 'begin' | 'maximumRows'>,
): Result<ScannedReply, 'unexpected-shape'> {
  if (maximumRows === undefined) return ok(reply)
  const to = begin + reply.rows
  // Fail closed: BigQuery was asked for fewer.
  if (reply.rows > 0 && to > maximumRows) return err('unexpected-shape')
  const members = new Map(reply.members)
  const total = /^"(\d{1,15})"$/.exec(members.get('totalRows')?.toString('latin1') ?? '')?.[1]
  if (total !== undefined && Number(total) > maximumRows)
    members.set('totalRows', Buffer.from(JSON.stringify(String(maximumRows))))
  if (members.has('pageToken')) {
    if (to >= maximumRows) members.delete('pageToken')
    else members.set('pageToken', Buffer.from(JSON.stringify(tokenAt(to))))
  }
  return ok({ members, rows: reply.rows })
}

/** A token anybody can make: whatever it says, no row beyond the maximum is asked for. */
function tokenAt(row: number): string {
  return Buffer.from(`sluice-rows-${row}`).toString('base64url')
}

function firstRow({ pageToken, startIndex }: AskedRows): number | undefined {
  if (pageToken !== undefined && pageToken !== '') {
    const row = TOKEN.exec(Buffer.from(pageToken, 'base64url').toString('latin1'))?.[1]
    return row === undefined ? undefined : Number(row)
  }
  if (startIndex === undefined) return 0
  return /^\d{1,15}$/.test(startIndex) ? Number(startIndex) : undefined
}
