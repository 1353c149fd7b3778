import { z } from 'zod'

/** What BigQuery said went wrong. `reason` is one of its error table, or one that is newer. */
export interface UpstreamError {
  /** HTTP status, as the body repeats it. */
  readonly code: number
  /** Of the first error. Absent in errors of Google's front end. */
  readonly reason: string | undefined
  /** For the client, in BigQuery's words. May quote SQL, names and values. */
  readonly message: string
  /** `google.rpc.Code` name. */
  readonly status: string | undefined
  /** Which part of the request, such as `query`. */
  readonly location: string | undefined
}

const MAX_BYTES = 1_048_576

const errorReply = z.object({
  error: z.object({
    code: z.int(),
    message: z.string(),
    status: z.string().optional(),
    errors: z
      .array(z.object({ reason: z.string().optional(), location: z.string().optional() }))
      .optional(),
  }),
})

/**
 * BigQuery's error JSON. Undefined when the body is something else (a proxy's page, an empty body)
 * or over 1 MiB. Never throws. https://cloud.google.com/bigquery/docs/error-messages
 */
export function parseErrorBody(body: Buffer): UpstreamError | undefined {
  if (body.length > MAX_BYTES) return undefined
  const parsed = errorReply.safeParse(parseJson(body))
  if (!parsed.success) return undefined
  const { code, message, status, errors } = parsed.data.error
  const { reason, location } = errors?.[0] ?? {}
  return { code, reason, message, status, location }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
