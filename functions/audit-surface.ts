import { registeredBrowserSessions } from '../shared/adapters/registers/browser-sessions.ts'
import { registeredHolds } from '../shared/adapters/registers/holds.ts'
import { registeredErasures } from '../shared/adapters/registers/pending-erasures.ts'
import { registeredSearches } from '../shared/adapters/registers/saved-searches.ts'
import type { Relocate } from '../shared/analysis/relocate.ts'
import { auditSite } from '../shared/console/audit-site.ts'
import type { consoleApp } from '../shared/console/pages/console-app.ts'
import type { AppOptions } from '../shared/gateway/app.ts'
import type { Ports } from '../shared/gateway/ports.ts'
import type { Clock } from '../shared/kernel/clock.ts'
import type { Policy } from '../shared/policy/policy.ts'
import { auditMounts } from './audit-mounts.ts'
import { mounted } from './mounted.ts'
import type { Store } from './open-store.ts'
import type { Reconciling } from './reconciling.ts'
import type { SealingParts } from './sealing.ts'
import { searchingIn } from './searching.ts'

/** What the audit API, the log and the pages are made of, under one policy. */
export interface AuditParts {
  readonly ports: Ports
  readonly policy: Policy
  readonly store: Store
  readonly clock: Clock
  readonly relocate: Relocate
  readonly reconcile: Reconciling['reconcile']
  readonly sealing: SealingParts | undefined
  readonly signIn: Parameters<typeof consoleApp>[0]['signIn']
  /** The pages of the console, where this process serves them. */
  readonly pages: typeof consoleApp | undefined
  readonly surface: Omit<AppOptions, 'mounted' | 'signIn'>
  /** What is served beside them: the API of approvals, which the pages ask too. */
  readonly approving: AppOptions['mounted']
}

/**
 * What serves all of them, alone and mounted by path. In a module of its own, which the gateway function never loads: it
 * would wait for it at every cold start.
 */
export function auditSurface(parts: AuditParts): {
  readonly mounts: AppOptions['mounted']
  readonly app: Pick<ReturnType<typeof auditSite>, 'fetch'>
} {
  const { ports, policy, store, clock, sealing, surface, approving } = parts
  const audit = auditMounts(
    {
      ...ports,
      holds: registeredHolds(store.registers),
      pending: registeredErasures(store.registers),
      ...searchingIn(store, policy.record.review, clock),
      replays: { ...ports, relocate: parts.relocate },
      reconcile: parts.reconcile,
      savedSearches: registeredSearches(store.registers),
      objects: sealing?.objects,
      log: sealing?.readable(policy),
    },
    surface,
  )
  const api = auditSite({ ...surface, mounted: { ...approving, ...audit } })
  const pages = parts.pages?.(
    {
      ...ports,
      signIn: parts.signIn,
      sessions: registeredBrowserSessions(store.registers, clock),
      api: (request, env) => api.fetch(request, env),
    },
    surface,
  )
  const console = pages === undefined ? {} : { '/console': mounted(pages) }
  const mounts = { ...approving, ...audit, ...console }
  return { mounts, app: auditSite({ ...surface, mounted: mounts }) }
}
