import { LRUCache } from 'lru-cache'

import type { DryRunFacts } from '../analysis/dry-run.ts'
import type { KillSwitch } from '../policy/kill-switch.ts'
import type { TableNames } from './table-names.ts'

/** What one instance remembers to spare round trips. Bounded, lost without harm, never evidence. */
export interface InstanceMemory {
  /** Table names by `connection project.dataset`, asked for less than a minute ago. */
  readonly listings: LRUCache<string, Promise<TableNames>>
  /** Result-table links this instance wrote already, so that polling a job does not write each time. */
  readonly links: LRUCache<string, true>
  /** Jobs of which it is certain that Sluice started them. */
  readonly started: LRUCache<string, true>
  /** How many requests of a principal are under way here, by `principalKey`. */
  readonly underWay: Map<string, number>
  /** What dry runs said less than a minute ago. */
  readonly dryRuns: LRUCache<string, DryRunFacts>
  /** The kill switches, and when they were read (epoch milliseconds). */
  readonly killSwitches: {
    at: { readonly at: number; readonly switches: readonly KillSwitch[] } | undefined
  }
  /** How many events of a grant this instance knows to be on the record, by the grant's id. */
  readonly grants: LRUCache<string, number>
  /** Calls whose outcome this instance recorded. */
  readonly ended: LRUCache<string, true>
}

/** Nothing remembered yet. */
export function instanceMemory(): InstanceMemory {
  return {
    ...policyMemory(),
    links: new LRUCache({ max: 10_000 }),
    started: new LRUCache({ max: 10_000 }),
    underWay: new Map(),
    grants: new LRUCache({ max: 10_000 }),
    ended: new LRUCache({ max: 10_000 }),
  }
}

/** Likewise, of what is forgotten when another policy comes into force: it was asked with its credentials. */
export function policyMemory(): Pick<InstanceMemory, 'listings' | 'dryRuns' | 'killSwitches'> {
  return {
    listings: new LRUCache({ max: 1_000, ttl: 60_000 }),
    dryRuns: new LRUCache({ max: 1_000, ttl: 60_000 }),
    killSwitches: { at: undefined },
  }
}
