import { type AuditApp, auditApp } from './audit-app.ts'
import { type CallsPorts, callsRoutes } from './calls-routes.ts'
import { describeApprovals } from './describe-approvals.ts'
import { type ErasuresPorts, erasuresRoutes } from './erasures-routes.ts'
import { eventsRoutes } from './events-routes.ts'
import { type ExportApiPorts, exportRoutes } from './export-routes.ts'
import { type HoldsPorts, holdsRoutes } from './holds-routes.ts'
import { type LogViewPorts, logViewRoutes } from './log-view-routes.ts'
import { meRoutes } from './me-routes.ts'
import { serveOpenApi } from './openapi.ts'
import { type OverviewPorts, overviewRoutes } from './overview-routes.ts'
import { type PolicyPorts, policyRoutes } from './policy-routes.ts'
import { type ReconciliationsPorts, reconciliationsRoutes } from './reconciliations-routes.ts'
import { type ReplaysPorts, replaysRoutes } from './replays-routes.ts'
import { type EvidencePorts, reportRoutes } from './report-routes.ts'
import { type ReviewsPorts, reviewsRoutes } from './reviews-routes.ts'
import { type SearchesPorts, searchesRoutes } from './searches-routes.ts'
import { sessionsRoutes } from './sessions-routes.ts'
import type { ExportSurface } from './streamed-response.ts'
import { type TablesPorts, tablesRoutes } from './tables-routes.ts'

/** What the audit API asks of the world. */
export type AuditApiPorts = CallsPorts &
  HoldsPorts &
  ErasuresPorts &
  ReconciliationsPorts &
  ExportApiPorts &
  OverviewPorts &
  TablesPorts &
  LogViewPorts &
  SearchesPorts &
  PolicyPorts &
  ReviewsPorts &
  ReplaysPorts &
  EvidencePorts

/** The audit API, to be mounted at `/v1`: every route of it is described in `GET /v1/openapi.json`. */
export function auditApi(ports: AuditApiPorts, surface: ExportSurface): AuditApp {
  return auditApp(ports, surface, (app) => {
    meRoutes(app, ports, surface)
    callsRoutes(app, ports, surface)
    sessionsRoutes(app, ports, surface)
    eventsRoutes(app, ports, surface)
    exportRoutes(app, { ...ports, finding: ports }, surface)
    holdsRoutes(app, ports, surface)
    erasuresRoutes(app, ports, surface)
    reconciliationsRoutes(app, ports, surface)
    overviewRoutes(app, ports, surface)
    tablesRoutes(app, ports, surface)
    logViewRoutes(app, ports, surface)
    searchesRoutes(app, ports, surface)
    policyRoutes(app, ports, surface)
    reviewsRoutes(app, ports, surface)
    reportRoutes(app, ports, surface)
    replaysRoutes(app, ports, surface)
    // Last: it describes what was added before.
    describeApprovals(app)
    serveOpenApi(app)
  })
}
