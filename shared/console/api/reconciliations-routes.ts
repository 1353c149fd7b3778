import { z } from '@hono/zod-openapi'

import type { TimeSpan } from '../../recording/reconcile/job-history.ts'
import type { Reconciliation } from '../../recording/reconcile/reconcile.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import { recordAudit } from '../auditor.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { reconciliationView, viewOfReconciliation } from './reconciliation-view.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { onlyAuditors } from './who-may.ts'

export interface ReconciliationsPorts extends AuditPorts {
  /** Compares the record with BigQuery's jobs; rejects when one of them does not answer. */
  readonly reconcile: (asked: Partial<TimeSpan>) => Promise<Reconciliation>
}

const instant = z.iso.datetime({ offset: true })

const body = z
  .strictObject({ from: instant.optional(), to: instant.optional() })
  .transform(({ from, to }) => ({
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
  }))
  .refine(({ from = 0, to = Infinity }) => from < to, '`from` must be before `to`')

/**
 * `POST /reconciliations` compares the record with BigQuery's jobs, of a span of time or since the last time, and answers
 * with what does not fit. For auditors.
 */
export function reconciliationsRoutes(
  app: AuditApp,
  ports: ReconciliationsPorts,
  surface: AuditSurface,
): void {
  serveRoute(
    app,
    ports,
    surface,
    {
      method: 'post',
      path: '/reconciliations',
      what: 'reconciliations.create',
      tag: 'records',
      summary: "Compare the record with BigQuery's jobs",
      description: 'Of a span of time, or since the last time. For auditors.',
      mayNot: onlyAuditors,
      recorded: 'by-itself',
      params: nothing,
      query: nothing,
      body,
      maxBodyBytes: 4 * 1024,
      answer: { name: 'Reconciliation', schema: reconciliationView },
    },
    async ({ caller, body: span }) => {
      const filter = Object.fromEntries(
        Object.entries(span).map(([name, at]) => [name, new Date(at).toISOString()]),
      )
      // First: what it finds is written down.
      const recorded = await recordAudit(ports, caller, {
        type: 'audit-read',
        what: 'reconciliations.create',
        filter,
        withPrivate: false,
      })
      if (!recorded.ok) return refuse({ problem: 'record-unavailable', cause: recorded.error })
      return tellJson(viewOfReconciliation(await ports.reconcile(span)))
    },
  )
}
