import { z } from 'zod'

import { maybe } from './maybe.ts'

const text = z.string()
const maybeText = maybe(text)
const texts = z.array(text)

/** `PrincipalFacts` as entries and grants hold them. */
export const principal = z.strictObject({
  issuer: text,
  subject: text,
  groups: texts,
  clientId: maybeText,
  email: maybeText,
  claims: z.record(text, text),
  actors: z.array(z.strictObject({ issuer: maybeText, subject: text })),
  credential: z.strictObject({
    kind: z.enum(['bearer', 'exchanged']),
    tokenDigest: text,
    tokenId: maybeText,
    lifetime: text,
    issuedAt: z.int(),
    expiresAt: z.int(),
  }),
})

/** A session without its principal, as entries and grants hold it. */
export const session = z.strictObject({
  id: text,
  verified: z.strictObject({ sourceAddress: maybeText }),
  claimed: z.strictObject({
    userAgent: maybeText,
    apiClient: maybeText,
    name: maybeText,
    server: maybeText,
    tool: maybeText,
  }),
})
