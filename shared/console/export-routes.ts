import { type Context, Hono } from 'hono'

import { bundleLines } from '../recording/export/bundle-lines.ts'
import type { ExportPorts } from '../recording/export/export-ports.ts'
import { exportedTree } from '../recording/export/exported-tree.ts'
import { ocsfLines } from '../recording/export/ocsf-lines.ts'
import { type Admitted, admit } from './admit.ts'
import { refuseAudit } from './answer-auditor.ts'
import type { AuditPorts, AuditSurface } from './audit-ports.ts'
import type { AuditRefusal } from './audit-refusal.ts'
import { recordAudit } from './auditor.ts'
import { type ExportQuery, parseExportQuery } from './export-query.ts'
import { exportRefusal, exporterRefusal } from './may-export.ts'
import { streamed } from './streamed.ts'

/** What exporting asks of the world besides. */
export interface ExportApiPorts extends AuditPorts, Pick<ExportPorts, 'objects'> {}

/** What its HTTP surface knows of the world around it. */
export interface ExportSurface extends AuditSurface {
  /** Destroys the connection of a request: whoever reads must not take what came until then for all of it. */
  readonly breakOff: (c: Context) => void
}

interface Env {
  /** There is none before somebody is known. */
  readonly Variables: { caller: Admitted }
}

const HEADERS = {
  'content-type': 'application/x-ndjson',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/**
 * To be mounted at `/v1/export`: `GET` streams a part of the record, or all of it, as a bundle (FORMAT.md §7) or as OCSF
 * events. For auditors, and for requesters as far as they did it. That somebody exports is durable before a byte leaves.
 */
export function exportRoutes(ports: ExportApiPorts, surface: ExportSurface): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const caller = await admit(ports, surface, c, exporterRefusal)
    if (!caller.ok) return refuseAudit(ports, surface, c, caller.error)
    c.set('caller', caller.value)
    return next()
  })
  app.get('/', async (c) => {
    const asked = parseExportQuery(c.req.queries())
    if (!asked.ok) return refused(c, asked.error)
    const caller = c.get('caller')
    const policy = ports.policy()
    if (!policy.ok) return refused(c, { problem: 'not-ready' })
    const refusal = await exportRefusal(ports.entries, caller.principal, policy.value, asked.value)
    if (refusal !== undefined) return refused(c, refusal)
    const tree = await exportedTree(ports)
    if (tree === undefined) return refused(c, { problem: 'nothing-sealed' })
    const recorded = await recordAudit(ports, caller, {
      type: 'exported',
      what: 'export',
      filter: filterOf(asked.value),
      withPrivate: asked.value.withPrivate,
    })
    if (!recorded.ok) return refused(c, { problem: 'record-unavailable', cause: recorded.error })
    const { format } = asked.value
    const lines = format === 'ocsf' ? ocsfLines : bundleLines
    const body = await streamed(lines(ports, tree, asked.value), (cause) => {
      surface.breakOff(c)
      surface.onFailure(cause)
    })
    return new Response(body, { headers: HEADERS })
  })
  app.onError((cause, c: Context<Env>) => refused(c, { problem: 'failed', cause }))
  return app

  function refused(c: Context<Env>, refusal: AuditRefusal): Promise<Response> {
    const caller: Admitted | undefined = c.get('caller')
    return refuseAudit(ports, surface, c, { refusal, session: caller?.session })
  }
}

/** What is asked for, as the record has it. */
function filterOf({ scope, format, previous }: ExportQuery): Readonly<Record<string, string>> {
  const entries = Object.entries({ ...scope, format, previous })
  return Object.fromEntries(
    entries
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        name === 'from' || name === 'to' ? new Date(Number(value)).toISOString() : String(value),
      ]),
  )
}
