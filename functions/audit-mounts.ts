import { auditApp } from '../shared/console/api/audit-app.ts'
import { type ErasuresPorts, erasuresRoutes } from '../shared/console/api/erasures-routes.ts'
import { exportRoutes } from '../shared/console/api/export-routes.ts'
import { type HoldsPorts, holdsRoutes } from '../shared/console/api/holds-routes.ts'
import { meRoutes } from '../shared/console/api/me-routes.ts'
import {
  type ReconciliationsPorts,
  reconciliationsRoutes,
} from '../shared/console/api/reconciliations-routes.ts'
import type { AuditSurface } from '../shared/console/audit-ports.ts'
import { logRoutes } from '../shared/console/log-routes.ts'
import type { AppOptions } from '../shared/gateway/app.ts'
import type { LogObjects } from '../shared/recording/log-objects.ts'
import { breakOff } from './break-off.ts'

type Context = Parameters<Parameters<typeof exportRoutes>[2]['breakOff']>[0]

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
  const serving = { ...surface, mountedAt: '/v1', breakOff: ({ env }: Context) => breakOff(env) }
  const api = auditApp(ports, serving, (app) => {
    meRoutes(app, ports, serving)
    exportRoutes(app, { ...ports, objects }, serving)
    holdsRoutes(app, ports, serving)
    erasuresRoutes(app, ports, serving)
    reconciliationsRoutes(app, { ...ports, reconcile }, serving)
  })
  const audit: Mounted = { '/v1': mounted(api) }
  return objects === undefined
    ? audit
    : { ...audit, '/log': mounted(logRoutes({ objects, entries, onFailure })) }
}

/** An app as another one mounts it. */
export function mounted(app: {
  fetch(request: Request, env: unknown): Response | Promise<Response>
}): Mounted[string] {
  return (request, env) => app.fetch(request, env)
}
