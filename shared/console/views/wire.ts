import { z } from '@hono/zod-openapi'

/** RFC 3339, UTC. */
export const time = z.iso.datetime()

/** Somebody, as people want to read it. */
export const person = z.object({
  issuer: z.string(),
  subject: z.string(),
  /** Only when the issuer says it is verified. */
  email: z.string().optional(),
  clientId: z.string().optional(),
  groups: z.array(z.string()),
  /** Who acted for them, outermost first. */
  actors: z.array(z.object({ issuer: z.string().optional(), subject: z.string() })),
  /** Claims that policy has recorded, such as the run of a CI job. */
  claims: z.record(z.string(), z.string()),
})

export const job = z.object({
  projectId: z.string(),
  jobId: z.string(),
  location: z.string().optional(),
})

export type Person = z.infer<typeof person>
