import { LRUCache } from 'lru-cache'

/** What one instance remembers to spare round trips. Bounded, lost without harm, never evidence. */
export interface InstanceMemory {
  /** Table names by `connection project.dataset`, as BigQuery listed them less than a minute ago. */
  readonly listings: LRUCache<string, readonly string[]>
  /** Result-table links this instance wrote already, so that polling a job does not write each time. */
  readonly links: LRUCache<string, true>
  /** Jobs of which it is certain that Sluice started them. */
  readonly started: LRUCache<string, true>
  /** Calls whose outcome this instance recorded. */
  readonly ended: LRUCache<string, true>
}

/** Nothing remembered yet. */
export function instanceMemory(): InstanceMemory {
  return {
    listings: new LRUCache({ max: 1_000, ttl: 60_000 }),
    links: new LRUCache({ max: 10_000 }),
    started: new LRUCache({ max: 10_000 }),
    ended: new LRUCache({ max: 10_000 }),
  }
}
