import { z } from '@hono/zod-openapi'

import { roleNames } from '../../policy/policy.ts'

/** Whoever asks, as the policy in force sees them. */
export const me = z.object({
  /** E-mail address where the issuer vouches for one, else the subject. */
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  /** What acts for somebody has none of their roles. */
  roles: z.array(z.enum(roleNames)),
})

export type Me = z.infer<typeof me>
