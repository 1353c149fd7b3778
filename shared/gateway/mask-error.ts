import { parseErrorBody } from '../bigquery/upstream-error.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { maskFailure } from '../masking/mask-reply.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import type { Masked } from './action.ts'
import { bodyDelivered } from './delivery-facts.ts'
import { governedError } from './governed-error.ts'

/**
 * BigQuery's own refusal, rebuilt with one error: clients decide by its reason whether to try again,
 * so it is passed on as BigQuery said it. Of a governed call only what no masked value can have caused.
 */
export function maskError(
  reply: UpstreamReply,
  governed: boolean,
): Result<Masked, 'unexpected-shape'> {
  const error = parseErrorBody(reply.body)
  if (error === undefined) return err('unexpected-shape')
  const said = {
    status: reply.status,
    reason: error.reason ?? usualReason(reply.status),
    message: error.message,
  }
  const { status, reason, message } = governed
    ? governedError(said.status, said.reason, said.message)
    : said
  const masked = maskFailure(status, {
    error: {
      code: status,
      message,
      errors: [{ message, domain: 'global', reason }],
      status: governed ? rpcName(status) : (error.status ?? 'UNKNOWN'),
    },
  })
  const delivery = bodyDelivered(masked, { reason, message })
  return ok({ reply: masked, delivery, ends: 'call', failed: true })
}

/** A name that says no more than the status does. */
function rpcName(status: number): string {
  if (status === 400) return 'INVALID_ARGUMENT'
  if (status === 403) return 'PERMISSION_DENIED'
  if (status === 404) return 'NOT_FOUND'
  return status >= 500 ? 'UNAVAILABLE' : 'UNKNOWN'
}

/** The reason BigQuery gives with a status, for errors of Google's front end, which give none. */
function usualReason(status: number): string {
  if (status === 403) return 'accessDenied'
  if (status === 404) return 'notFound'
  if (status === 429) return 'rateLimitExceeded'
  return status >= 500 ? 'backendError' : 'invalid'
}
