/** An error as a caller gets to see it. */
export interface ToldError {
  readonly status: number
  readonly reason: string
  readonly message: string
}

const SILENT =
  'the query failed while it ran; it reads masked columns, so Sluice does not say on what. Use functions that cannot fail, such as SAFE_CAST and SAFE_DIVIDE'

/** Reasons of an outage or of throttling: clients decide by them whether to try again. */
const INFRASTRUCTURE = [
  'backendError',
  'badGateway',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'quotaExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
]
/** Reasons that follow from names and permissions alone. */
const NOT_OF_DATA = ['accessDenied', 'authError', 'duplicate', 'notFound']

/**
 * What the caller hears of an error of a governed call. Whatever a value in a masked column can cause is
 * one and the same error: its text would quote the value, and its kind would be a bit of it. `status` is
 * the HTTP status, 200 for a job that failed.
 */
export function governedError(status: number, reason: string, message: string): ToldError {
  if (INFRASTRUCTURE.includes(reason) || status === 401 || status === 429 || status >= 500)
    return { status, reason, message: 'BigQuery is not available for this right now' }
  if (NOT_OF_DATA.includes(reason)) return { status, reason, message }
  if (reason === 'stopped') return { status, reason, message: 'the job was stopped' }
  return { status: status < 400 ? status : 400, reason: 'invalidQuery', message: SILENT }
}
