import { errorBody } from '../bigquery/error.ts'
import { type Result, ok } from '../kernel/result.ts'
import { maskResource } from '../masking/mask-reply.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import type { Handle } from './action.ts'
import { bodyDelivered } from './delivery-facts.ts'
import type { MethodRequest } from './method.ts'
import type { Ports } from './ports.ts'
import { type Resource, parseResource } from './resources.ts'
import { type SendFailure, sendOnce } from './send.ts'

/** What of a resource the caller may see; may ask BigQuery more under the same request entry. */
export type Show = (
  resource: Resource,
  recorded: RecordedPermit,
) => Promise<Result<Resource, SendFailure>> | Result<Resource, SendFailure>

/**
 * Makes a metadata call and shows what `show` leaves of its reply. `visible` is asked first: what the
 * caller may not know of is refused in BigQuery's words, whether it exists or not.
 */
export function showResource(
  ports: Ports,
  request: MethodRequest,
  show: Show,
  visible?: {
    readonly what: string
    readonly check: (recorded: RecordedPermit) => Promise<Result<boolean, SendFailure>>
  },
): Handle {
  let shown: Resource | undefined
  return {
    repeatable: true,
    send: async (recorded) => {
      const seen = (await visible?.check(recorded)) ?? ok(true)
      if (!seen.ok) return seen
      if (!seen.value) return ok(hidden(visible?.what ?? ''))
      const sent = await sendOnce(ports.upstream, request.caller.signal)(recorded)
      if (!sent.ok || sent.value.status >= 400) return sent
      const resource = parseResource(sent.value.body)
      if (!resource.ok) return sent
      const result = await show(resource.value, recorded)
      if (!result.ok) return result
      shown = result.value
      return sent
    },
    mask: () => {
      if (shown === undefined) return { ok: false, error: 'unexpected-shape' }
      const masked = maskResource(shown, request.parameters.fields)
      return ok({ reply: masked, delivery: bodyDelivered(masked), ends: 'call', failed: false })
    },
  }
}

/** BigQuery's own refusal of what may not exist. */
function hidden(what: string): UpstreamReply {
  const message = `Access Denied: ${what}: no rule of the policy lets you query it, or it does not exist`
  return {
    status: 403,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(errorBody(403, 'accessDenied', message))),
    credentialVersion: 'none',
  }
}
