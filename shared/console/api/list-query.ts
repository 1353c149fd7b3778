import { z } from '@hono/zod-openapi'

import { time } from '../views/wire.ts'
import { paging } from './paging.ts'

const somebody = z.string().min(1).max(500)

/** `GET /sessions` */
export const sessionsQuery = z.strictObject({
  /** `sub`, e-mail address, or issuer and `sub` with a space between. */
  principal: somebody.optional(),
  from: time.optional(),
  to: time.optional(),
  ...paging,
})

/** `GET /events` */
export const eventsQuery = z.strictObject({
  /** Type of entry: `audit-read`, `exported`, `hold-set`, … */
  type: z.string().min(1).max(64).optional(),
  /** Who did it: as `principal` above. */
  principal: somebody.optional(),
  from: time.optional(),
  to: time.optional(),
  ...paging,
})
