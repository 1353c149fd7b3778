import { type HoldLimits, usualHold } from '../shared/gateway/long-poll.ts'

/** To record the end and answer. */
const RESERVE_MS = 30_000

/** How long requests may be kept open where the platform ends them after so many seconds. */
export function holdWithin(requestTimeoutSeconds: number): HoldLimits {
  const longestMs = Math.max(1_000, requestTimeoutSeconds * 1000 - RESERVE_MS)
  return {
    usualMs: Math.min(usualHold.usualMs, longestMs),
    javaMs: Math.min(usualHold.javaMs, longestMs),
    longestMs,
  }
}
