import { z } from 'zod'

import { principalKey } from '../identity/principal.ts'

/** Somebody at an issuer. Parses to their `principalKey`. */
export const accountSchema = z
  .strictObject({
    issuer: z
      .string()
      .min(1)
      .describe('One of `issuers`, spelled the same. It says who has which `sub`.'),
    sub: z
      .string()
      .min(1)
      .describe(
        'Their `sub` at the issuer, not an address. Whoever controls it speaks for whoever this is.',
      ),
  })
  .transform(({ issuer, sub }) => principalKey({ issuer, subject: sub }))
