/**
 * The `reason` values of BigQuery's error table that Sluice answers with.
 * https://cloud.google.com/bigquery/docs/error-messages
 */
export type ErrorReason =
  | 'accessDenied'
  | 'authError'
  | 'backendError'
  | 'duplicate'
  | 'invalid'
  | 'invalidQuery'
  | 'notFound'
  | 'rateLimitExceeded'
  | 'stopped'

/** The HTTP statuses Sluice says no with, and the `google.rpc.Code` name that goes with each. */
const statusNames = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
} as const

export type ErrorCode = keyof typeof statusNames

/** The error body that BigQuery's own clients parse: one entry in `errors`, or Node hides the message. */
export interface ErrorBody {
  readonly error: {
    readonly code: number
    readonly message: string
    readonly errors: readonly [
      { readonly message: string; readonly domain: 'global'; readonly reason: string },
    ]
    readonly status: string
  }
}

/** BigQuery's error JSON for one problem. Never throws. */
export function errorBody(code: ErrorCode, reason: ErrorReason, message: string): ErrorBody {
  return {
    error: {
      code,
      message,
      errors: [{ message, domain: 'global', reason }],
      status: statusNames[code],
    },
  }
}
