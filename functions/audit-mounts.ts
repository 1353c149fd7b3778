import type { AuditSurface } from '../shared/console/audit-ports.ts'
import { type ErasuresPorts, erasuresRoutes } from '../shared/console/erasures-routes.ts'
import { exportRoutes } from '../shared/console/export-routes.ts'
import { type HoldsPorts, holdsRoutes } from '../shared/console/holds-routes.ts'
import { logRoutes } from '../shared/console/log-routes.ts'
import {
  type ReconciliationsPorts,
  reconciliationsRoutes,
} from '../shared/console/reconciliations-routes.ts'
import type { AppOptions } from '../shared/gateway/app.ts'
import type { LogObjects } from '../shared/recording/log-objects.ts'
import { breakOff } from './break-off.ts'

type Context = Parameters<Parameters<typeof exportRoutes>[1]['breakOff']>[0]

type Mounted = AppOptions['mounted']

/** What serves the log and the audit API, by path. */
export function auditMounts({
  ports,
  surface,
  reconcile,
  objects,
}: {
  readonly ports: ErasuresPorts & HoldsPorts
  readonly surface: AuditSurface
  readonly reconcile: ReconciliationsPorts['reconcile']
  /** Undefined where the environment names no place for the log. */
  readonly objects: LogObjects | undefined
}): Mounted {
  const { entries } = ports
  const { onFailure } = surface
  const at = (mountedAt: string) => ({ ...surface, mountedAt })
  const audit: Mounted = {
    '/v1/reconciliations': mounted(
      reconciliationsRoutes({ ...ports, reconcile }, at('/v1/reconciliations')),
    ),
    '/v1/holds': mounted(holdsRoutes(ports, at('/v1/holds'))),
    '/v1/erasures': mounted(erasuresRoutes(ports, at('/v1/erasures'))),
  }
  if (objects === undefined) return audit
  const exporting = { ...at('/v1/export'), breakOff: ({ env }: Context) => breakOff(env) }
  return {
    ...audit,
    '/log': mounted(logRoutes({ objects, entries, onFailure })),
    '/v1/export': mounted(exportRoutes({ ...ports, objects }, exporting)),
  }
}

/** An app as another one mounts it. */
export function mounted(app: {
  fetch(request: Request, env: unknown): Response | Promise<Response>
}): Mounted[string] {
  return (request, env) => app.fetch(request, env)
}
