import type { Clock } from '../kernel/clock.ts'

/** Limits what callers nobody knows can make Sluice write. Everything it holds back is counted. */
export interface RefusalBudget {
  /**
   * Whether a refusal of somebody at `address` may be recorded now, and if so, how many were not
   * since the last one that was. That number is then forgotten: `giveBack` it if recording fails.
   */
  take(address: string | undefined): { readonly unrecorded: number } | undefined
  /** Counts refusals that were not recorded after all. */
  giveBack(unrecorded: number): void
}

/** Addresses remembered; the limit for all of them together holds whoever is forgotten. */
const MAX_ADDRESSES = 10_000

interface Bucket {
  readonly tokens: number
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * A token bucket per source address and one for all, each filled at so many a minute and holding a
 * minute's worth. Deterministic, and bounded in memory.
 */
export function refusalBudget(options: {
  readonly perMinute: number
  readonly totalPerMinute: number
  readonly clock: Clock
}): RefusalBudget {
  const { perMinute, totalPerMinute, clock } = options
  // Attacker-controlled keys, so bounded. A Map keeps insertion order: the first is the stalest.
  const buckets = new Map<string, Bucket>()
  let total: Bucket = { tokens: totalPerMinute, at: clock() }
  let unrecorded = 0

  return {
    take(address = '') {
      const now = clock()
      const own = refilled(buckets.get(address), perMinute, now)
      total = refilled(total, totalPerMinute, now)
      const granted = own.tokens >= 1 && total.tokens >= 1
      const spent = granted ? 1 : 0
      buckets.delete(address)
      buckets.set(address, { ...own, tokens: own.tokens - spent })
      const [stalest] = buckets.keys()
      if (buckets.size > MAX_ADDRESSES && stalest !== undefined) buckets.delete(stalest)
      if (!granted) {
        unrecorded += 1
        return undefined
      }
      total = { ...total, tokens: total.tokens - 1 }
      const before = unrecorded
      unrecorded = 0
      return { unrecorded: before }
    },
    giveBack(count) {
      unrecorded += count
    },
  }
}

function refilled(bucket: Bucket | undefined, perMinute: number, now: number): Bucket {
  if (bucket === undefined) return { tokens: perMinute, at: now }
  // A clock that is set back gives nothing, and takes nothing.
  const gained = (Math.max(0, now - bucket.at) * perMinute) / 60_000
  return { tokens: Math.min(perMinute, bucket.tokens + gained), at: now }
}
