import type { z } from '@hono/zod-openapi'

import { type Result, ok } from '../../kernel/result.ts'
import { bundleLines } from '../../recording/export/bundle-lines.ts'
import type { ExportPorts } from '../../recording/export/export-ports.ts'
import { exportedTree } from '../../recording/export/exported-tree.ts'
import { ocsfLines } from '../../recording/export/ocsf-lines.ts'
import type { AuditPorts } from '../audit-ports.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import { recordAudit } from '../auditor.ts'
import type { FindPorts } from '../calls/find.ts'
import type { AuditApp } from './audit-app.ts'
import { type Answer, type Asked, nothing } from './audit-route.ts'
import { exportCsv } from './export-csv.ts'
import { type ExportQuery, bundleQueryOf, exportQuery } from './export-query.ts'
import { exportRefusal, exporterRefusal } from './may-export.ts'
import { refuse, serveRoute } from './serve-route.ts'
import { type ExportSurface, streamedResponse } from './streamed-response.ts'

/** What exporting asks of the world besides. */
export interface ExportApiPorts extends AuditPorts {
  /** Undefined where the environment names no place for the log. */
  readonly objects: ExportPorts['objects'] | undefined
  /** Where calls are searched; without it there is no CSV. */
  readonly finding?: FindPorts | undefined
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
        'As a bundle that proves itself (FORMAT.md §7), as OCSF events, or calls as CSV, streamed. CSV takes whatever calls are searched by; a cell that a spreadsheet would take for a formula has an apostrophe in front. For auditors, and for requesters as far as they did it; private facts only for auditors who are private-readers, and never in CSV.',
      mayNot: exporterRefusal,
      recorded: 'by-itself',
      params: nothing,
      query: exportQuery,
      body: nothing,
      answer: { types: ['application/x-ndjson', 'text/csv'] },
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
  if (query.format === 'csv') return exportCsv(ports, surface, { c, caller, query })
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
  const body = lines({ ...ports, objects }, tree, asked)
  return ok({ response: await streamedResponse(surface, c, body, 'application/x-ndjson') })
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
