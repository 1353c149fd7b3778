/** How long the gateway may keep a request open, in milliseconds. */
export interface HoldLimits {
  /** When the client says nothing about waiting. */
  readonly usualMs: number
  /** For Java, whose reads time out after 20 s. */
  readonly javaMs: number
  /** When an early answer would be read as "no rows": nearly the platform's own request limit. */
  readonly longestMs: number
}

/** Measured in front of the clients: below 60 s, where Node 7 and MCP hosts give up. */
export const usualHold: HoldLimits = { usualMs: 45_000, javaMs: 15_000, longestMs: 3_500_000 }

/**
 * How long to wait for a job before answering `jobComplete: false`. Answering at once makes clients
 * hammer; keeping them longer than their own timeout makes them send the request again.
 */
export function holdMs(
  request: {
    readonly method: 'jobs.query' | 'jobs.getQueryResults'
    /** What the client asked for; 0 wants an answer at once. */
    readonly timeoutMs: number | undefined
    readonly maxResults: number | undefined
    readonly apiClient: string | undefined
    readonly userAgent: string | undefined
  },
  limits: HoldLimits,
): number {
  if (request.timeoutMs !== undefined) return Math.min(request.timeoutMs, limits.longestMs)
  const client = request.apiClient ?? ''
  if (/\bgl-java\//.test(client) || /^google-cloud-java\//i.test(request.userAgent ?? ''))
    return limits.javaMs
  // `job.getQueryResults({ maxResults })` asks once and takes an incomplete answer for no rows.
  if (
    request.method === 'jobs.getQueryResults' &&
    request.maxResults !== undefined &&
    request.maxResults > 0 &&
    /\bgl-node\//.test(client)
  )
    return limits.longestMs
  return limits.usualMs
}
