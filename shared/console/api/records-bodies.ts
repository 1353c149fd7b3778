import { z } from '@hono/zod-openapi'

import { principalKey } from '../../identity/principal.ts'

const session = z.string().regex(/^[a-z2-7]{26}$/, 'expected the id of a session')

const principal = z
  .strictObject({ issuer: z.string().min(1).max(1_000), sub: z.string().min(1).max(1_000) })
  .transform(({ issuer, sub }) => principalKey({ issuer, subject: sub }))

const reason = z.string().trim().min(1, 'say why: `reason`').max(1_000, 'at most 1,000 characters')

/** `POST /v1/holds` */
export const holdBody = z
  .strictObject({
    session: session.optional(),
    principal: principal.optional(),
    /** The whole record. */
    everything: z.literal(true).optional(),
    reason,
  })
  .refine(
    ({ session: one, principal: other, everything }) =>
      (everything === true) === (one === undefined && other === undefined),
    'say what: `session`, `principal`, both of them, or `everything`',
  )

/** `POST /v1/holds/{id}/release` */
export const releaseBody = z.strictObject({ reason })

/** `POST /v1/erasures` */
export const erasureBody = z
  .strictObject({ session: session.optional(), principal: principal.optional(), reason })
  .refine(
    ({ session: one, principal: other }) => (one === undefined) !== (other === undefined),
    'say whose: `session` or `principal`, one of them',
  )
