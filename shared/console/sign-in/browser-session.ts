import { z } from 'zod'

/** What is kept, sealed, of a browser that somebody signed in with. Instants are epoch milliseconds. */
export const browserSession = z.strictObject({
  /** What every form has to carry. */
  csrf: z.string(),
  startedAt: z.int(),
  /** When somebody was last seen to use it, to within `SEEN_EVERY_MS`. */
  seenAt: z.int(),
  /** Sluice's own token, and when it ends. */
  token: z.string(),
  tokenUntil: z.int(),
  issuer: z.string(),
  subject: z.string(),
  /** `Credential.lifetime`: what is asked with any of its tokens belongs to one session on the record. */
  lifetime: z.string(),
  /** The issuer's; undefined where it gives none. */
  refreshToken: z.string().optional(),
})

export type BrowserSession = z.infer<typeof browserSession>

/** However much it is used, a session ends then. */
export const LONGEST_MS = 8 * 60 * 60_000

/** Unused for so long, it ends. */
const IDLE_MS = 60 * 60_000

/** How often it is written down that a session is used. */
export const SEEN_EVERY_MS = 5 * 60_000

/** When a session ends that nobody uses any more. */
export function endOf({ startedAt, seenAt }: BrowserSession): number {
  return Math.min(startedAt + LONGEST_MS, seenAt + IDLE_MS)
}
