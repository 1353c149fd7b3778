import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

import { type Result, ok } from '../../kernel/result.ts'
import { bundleLines } from '../../recording/export/bundle-lines.ts'
import type { ExportPorts } from '../../recording/export/export-ports.ts'
import { exportedTree } from '../../recording/export/exported-tree.ts'
import { ocsfLines } from '../../recording/export/ocsf-lines.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import { recordAudit } from '../auditor.ts'
import type { AuditApp } from './audit-app.ts'
import { type Answer, type Asked, nothing } from './audit-route.ts'
import { type ExportQuery, bundleQueryOf, exportQuery } from './export-query.ts'
import { exportRefusal, exporterRefusal } from './may-export.ts'
import { refuse, serveRoute } from './serve-route.ts'
import { streamed } from './streamed.ts'

/** What exporting asks of the world besides. */
export interface ExportApiPorts extends AuditPorts {
  /** Undefined where the environment names no place for the log. */
  readonly objects: ExportPorts['objects'] | undefined
}

/** What its HTTP surface knows of the world around it. */
export interface ExportSurface extends AuditSurface {
  /** Destroys the connection of a request: whoever reads must not take what came until then for all of it. */
  readonly breakOff: (c: Context) => void
}

const HEADERS = {
  'content-type': 'application/x-ndjson',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/**
 * `GET /export` streams a part of the record, or all of it, as a bundle (FORMAT.md §7) or as OCSF events. For auditors,
 * and for requesters as far as they did it. That somebody exports is durable before a byte leaves.
 */
export function exportRoutes(app: AuditApp, ports: ExportApiPorts, surface: ExportSurface): void {
  serveRoute(
    app,
    ports,
    surface,
    {
      method: 'get',
      path: '/export',
      what: 'export',
      tag: 'export',
      summary: 'Take a part of the record along',
      description:
        'As a bundle that proves itself (FORMAT.md §7) or as OCSF events, streamed. For auditors, and for requesters as far as they did it; private facts only for auditors who are private-readers.',
      mayNot: exporterRefusal,
      recorded: 'by-itself',
      params: nothing,
      query: exportQuery,
      body: nothing,
      answer: { types: ['application/x-ndjson'] },
      problems: [404],
    },
    (asked) => exportRecord(ports, surface, asked),
  )
}

async function exportRecord(
  ports: ExportApiPorts,
  surface: ExportSurface,
  { c, caller, query }: Asked<unknown, z.infer<typeof exportQuery>, unknown>,
): Promise<Result<Answer, AuditRefusal>> {
  if (query.format === 'csv') return refuse({ problem: 'malformed', message: 'no CSV yet' })
  const asked = bundleQueryOf(query, query.format)
  const policy = ports.policy()
  if (!policy.ok) return refuse({ problem: 'not-ready' })
  const refusal = await exportRefusal(ports.entries, caller.principal, policy.value, asked)
  if (refusal !== undefined) return refuse(refusal)
  const { objects } = ports
  const tree = objects && (await exportedTree({ ...ports, objects }))
  if (objects === undefined || tree === undefined) return refuse({ problem: 'nothing-sealed' })
  const recorded = await recordAudit(ports, caller, {
    type: 'exported',
    what: 'export',
    filter: filterOf(asked),
    withPrivate: asked.withPrivate,
  })
  if (!recorded.ok) return refuse({ problem: 'record-unavailable', cause: recorded.error })
  const lines = asked.format === 'ocsf' ? ocsfLines : bundleLines
  const body = await streamed(lines({ ...ports, objects }, tree, asked), (cause) => {
    surface.breakOff(c)
    surface.onFailure(cause)
  })
  return ok({ response: new Response(body, { headers: HEADERS }) })
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
