import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'

import { type Admitted, type NotAdmitted, admit } from '../admit.ts'
import { refuseAudit } from '../answer-auditor.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'

/** What the handlers of the audit API find in their context. */
export interface AuditEnv {
  /** There is none before somebody is known. */
  readonly Variables: { caller: Admitted }
}

/** The audit API while it is put together. */
export type AuditApp = OpenAPIHono<AuditEnv>

/**
 * An app with the routes that `add` puts into it. A path that is none of them is a 404, for whoever is known, and what
 * nobody expected a 503; both are on the record.
 */
export function auditApp(
  ports: AuditPorts,
  surface: AuditSurface,
  add: (app: AuditApp) => void,
): AuditApp {
  const app: AuditApp = new OpenAPIHono<AuditEnv>()
  add(app)
  app.notFound(async (c: Context<AuditEnv>) => {
    const caller = await admit(ports, surface, c, () => ({ problem: 'no-such-method' }))
    return caller.ok ? c.body(null, 404) : refused(c, caller.error)
  })
  app.onError((cause, c: Context<AuditEnv>) => {
    const caller: Admitted | undefined = c.get('caller')
    return refused(c, { refusal: { problem: 'failed', cause }, session: caller?.session })
  })
  return app

  function refused(c: Context, no: NotAdmitted): Promise<Response> {
    return refuseAudit(ports, surface, c, no)
  }
}
