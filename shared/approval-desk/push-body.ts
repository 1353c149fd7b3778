import { z } from 'zod'

import type { EncodedMessage } from '../approval/encoded-message.ts'
import { parseStrictJson } from '../bigquery/strict-json.ts'
import { type Result, err, ok } from '../kernel/result.ts'

/** What a push brings. */
export interface Push {
  /** Full name: `projects/P/subscriptions/S`. */
  readonly subscription: string
  readonly messageId: string
  readonly encoded: EncodedMessage
}

/**
 * `PubsubMessage` in its wrapping. Google may add members to both: what is not known stays behind.
 * https://cloud.google.com/pubsub/docs/reference/rest/v1/PubsubMessage
 */
const wrapped = z.object({
  subscription: z.string(),
  message: z.object({
    messageId: z.string().regex(/^[\w-]{1,100}$/),
    attributes: z.record(z.string(), z.string()).default({}),
    data: z.base64(),
  }),
})

/** The body of a push; else why it is none, in words that quote nothing. */
export function parsePush(body: Uint8Array): Result<Push, string> {
  const json = parseStrictJson(body)
  if (!json.ok) return err('the body is not strict JSON')
  const push = wrapped.safeParse(json.value)
  if (!push.success) return err('the body is not a push of Pub/Sub')
  const { subscription, message } = push.data
  const { messageId, attributes, data } = message
  return ok({
    subscription,
    messageId,
    encoded: { attributes, data: Buffer.from(data, 'base64') },
  })
}
