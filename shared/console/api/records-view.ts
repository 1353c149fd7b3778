import { z } from '@hono/zod-openapi'

import type { Hold } from '../../recording/holds/holds.ts'

const text = z.string()

/** A hold in force. */
export const holdView = z.object({
  id: text,
  /** What it covers: all that match both, the whole record without any. */
  session: text.optional(),
  /** Issuer and sub, with a space between. */
  principal: text.optional(),
  /** Who set it: issuer and sub. */
  by: text,
  reason: text,
  /** RFC 3339, UTC. */
  at: z.iso.datetime(),
})

/** The answer to `GET /v1/holds`. */
export const holdsView = z.object({ holds: z.array(holdView) })

/** The answer to `POST /v1/erasures`. */
export const erasureView = z.object({
  /** Ids of the keys that were destroyed. */
  keys: z.array(text),
})

export type HoldView = z.infer<typeof holdView>

/** A hold as the API shows it. */
export function viewOfHold({ id, scope, by, reason, at }: Hold): HoldView {
  return { id, ...scope, by, reason, at: new Date(at).toISOString() }
}
