import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'

import { type Result, ok } from '../kernel/result.ts'
import type { TimeSpan } from '../recording/reconcile/job-history.ts'
import type { Reconciliation } from '../recording/reconcile/reconcile.ts'
import { answerAuditor, refuseAudit } from './answer-auditor.ts'
import type { AuditPorts, AuditSurface } from './audit-ports.ts'
import type { AuditRefusal } from './audit-refusal.ts'
import { type Auditor, admitAuditor, recordAudit } from './auditor.ts'
import { readBody } from './read-body.ts'
import { viewOfReconciliation } from './reconciliation-view.ts'

export interface ReconciliationsPorts extends AuditPorts {
  /** Compares the record with BigQuery's jobs; rejects when one of them does not answer. */
  readonly reconcile: (asked: Partial<TimeSpan>) => Promise<Reconciliation>
}

interface Env {
  /** There is none before somebody is known. */
  readonly Variables: { auditor: Auditor }
}

const MAX_BODY_BYTES = 4 * 1024

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const body = z
  .strictObject({ from: instant.optional(), to: instant.optional() })
  .refine(({ from = 0, to = Infinity }) => from < to, '`from` must be before `to`')

/**
 * To be mounted at `/v1/reconciliations`: `POST` compares the record with BigQuery's jobs, of a span of time or since the
 * last time, and answers with what does not fit. For auditors.
 */
export function reconciliationsRoutes(
  ports: ReconciliationsPorts,
  surface: AuditSurface,
): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const auditor = await admitAuditor(ports, surface, c)
    if (!auditor.ok) return refuseAudit(ports, surface, c, auditor.error)
    c.set('auditor', auditor.value)
    return next()
  })
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => refused(c, { problem: 'body-too-large', limit: MAX_BODY_BYTES }),
    }),
  )
  app.post('/', async (c) => {
    const asked = await readSpan(c)
    if (!asked.ok) return refused(c, asked.error)
    const filter = Object.fromEntries(
      Object.entries(asked.value).map(([name, at]) => [name, new Date(at).toISOString()]),
    )
    const what = 'reconciliations.create'
    const looked = { type: 'audit-read', what, filter, withPrivate: false } as const
    const recorded = await recordAudit(ports, c.get('auditor'), looked)
    if (!recorded.ok) return refused(c, { problem: 'record-unavailable', cause: recorded.error })
    return answerAuditor(viewOfReconciliation(await ports.reconcile(asked.value)))
  })
  app.onError((cause, c: Context<Env>) => refused(c, { problem: 'failed', cause }))
  return app

  function refused(c: Context<Env>, refusal: AuditRefusal): Promise<Response> {
    const auditor: Auditor | undefined = c.get('auditor')
    return refuseAudit(ports, surface, c, { refusal, session: auditor?.session })
  }
}

/** The span that is asked for. A body that is empty asks for what was not compared yet. */
async function readSpan(c: Context): Promise<Result<Partial<TimeSpan>, AuditRefusal>> {
  const read = await readBody(c, body)
  if (!read.ok) return read
  const { from, to } = read.value
  return ok({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) })
}
