import { parseErrorBody } from '../bigquery/upstream-error.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { maskFailure } from '../masking/mask-reply.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import { bodyDelivered } from './delivery-facts.ts'
import type { Masked } from './pipeline.ts'

/**
 * BigQuery's own refusal, rebuilt with one error: clients decide by its reason whether to try again,
 * so it is passed on as BigQuery said it.
 */
export function maskError(reply: UpstreamReply): Result<Masked, 'unexpected-shape'> {
  const error = parseErrorBody(reply.body)
  if (error === undefined) return err('unexpected-shape')
  const { message } = error
  const reason = error.reason ?? usualReason(reply.status)
  const masked = maskFailure(reply.status, {
    error: {
      code: reply.status,
      message,
      errors: [{ message, domain: 'global', reason }],
      status: error.status ?? 'UNKNOWN',
    },
  })
  const delivery = bodyDelivered(masked, { reason, message })
  return ok({ reply: masked, delivery, ends: 'call', failed: true })
}

/** The reason BigQuery gives with a status, for errors of Google's front end, which give none. */
function usualReason(status: number): string {
  if (status === 403) return 'accessDenied'
  if (status === 404) return 'notFound'
  if (status === 429) return 'rateLimitExceeded'
  return status >= 500 ? 'backendError' : 'invalid'
}
