import { type AuditApiPorts, auditApi } from '../shared/console/api/audit-api.ts'
import type { AuditSurface } from '../shared/console/audit-ports.ts'
import { logRoutes } from '../shared/console/log-routes.ts'
import type { AppOptions } from '../shared/gateway/app.ts'
import { breakOff } from './break-off.ts'
import { mounted } from './mounted.ts'

type Context = Parameters<Parameters<typeof auditApi>[1]['breakOff']>[0]

type Mounted = AppOptions['mounted']

/** What serves the log and the audit API, by path. */
export function auditMounts(ports: AuditApiPorts, surface: AuditSurface): Mounted {
  const { entries, objects } = ports
  const { onFailure } = surface
  const serving = { ...surface, mountedAt: '/v1', breakOff: ({ env }: Context) => breakOff(env) }
  const audit: Mounted = { '/v1': mounted(auditApi(ports, serving)) }
  return objects === undefined
    ? audit
    : { ...audit, '/log': mounted(logRoutes({ objects, entries, onFailure })) }
}
