/**
 * GoogleSQL said no (`INVALID_ARGUMENT`: the SQL; `UNIMPLEMENTED`: a feature it lacks) or could not be
 * asked (`UNAVAILABLE`, `DEADLINE_EXCEEDED`). `code` is the name in
 * https://grpc.github.io/grpc/core/md_doc_statuscodes.html; `message` is GoogleSQL's, and quotes the SQL.
 */
export class GoogleSqlError extends Error {
  override readonly name = 'GoogleSqlError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Whether GoogleSQL could not be asked, or had to be stopped; its process is then of no more use. */
export function isOutage(cause: unknown): boolean {
  return (
    cause instanceof GoogleSqlError &&
    (cause.code === 'UNAVAILABLE' || cause.code === 'DEADLINE_EXCEEDED')
  )
}
