/** The `reason` values of BigQuery's error table that the local BigQuery answers with. */
export type Reason =
  | 'backendError'
  | 'bytesBilledLimitExceeded'
  | 'duplicate'
  | 'invalid'
  | 'invalidQuery'
  | 'notFound'
  | 'notImplemented'
  | 'required'
  | 'resourcesExceeded'
  | 'stopped'

const statusNames = {
  400: 'INVALID_ARGUMENT',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  500: 'INTERNAL',
} as const

type Code = keyof typeof statusNames

/**
 * What BigQuery would answer to this request or end this job with. Thrown from wherever it is found,
 * and caught in two places only: the router makes it an HTTP error, the runner a failed job.
 */
export class BigQueryError extends Error {
  override readonly name = 'BigQueryError'
  readonly reason: Reason
  readonly code: Code

  constructor(reason: Reason, message: string) {
    super(message)
    this.reason = reason
    this.code = codeOf(reason)
  }
}

/** The refusal of something real BigQuery does: always says that it is the local one that cannot. */
export function cannot(what: string): BigQueryError {
  return new BigQueryError('notImplemented', `The local BigQuery cannot do this: ${what}`)
}

/** BigQuery's error JSON. https://cloud.google.com/bigquery/docs/error-messages */
export function errorBody({ code, message, reason }: BigQueryError): object {
  return {
    error: {
      code,
      message,
      errors: [{ message, domain: 'global', reason }],
      status: statusNames[code],
    },
  }
}

// What is permanent is never a 5xx: Go's client would send it again for ever.
function codeOf(reason: Reason): Code {
  if (reason === 'notFound') return 404
  if (reason === 'duplicate') return 409
  return reason === 'backendError' ? 500 : 400
}
