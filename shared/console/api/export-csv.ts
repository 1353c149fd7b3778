import type { z } from '@hono/zod-openapi'

import { type Result, ok } from '../../kernel/result.ts'
import { isMeant } from '../../recording/search/principal-tokens.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import { recordAudit } from '../auditor.ts'
import { freshIndex } from '../calls/find.ts'
import type { Answer, Asked } from './audit-route.ts'
import { csvLines } from './csv-lines.ts'
import type { exportQuery } from './export-query.ts'
import type { ExportApiPorts } from './export-routes.ts'
import { filterOf } from './filter-of.ts'
import { exportRefusal } from './may-export.ts'
import { readsAs } from './reads-as.ts'
import { refuse } from './serve-route.ts'
import { type ExportSurface, streamedResponse } from './streamed-response.ts'

type AskedExport = Asked<unknown, z.infer<typeof exportQuery>, unknown>

/** Calls as CSV, for who may see them: a link to what another did is refused, not answered with nothing. */
export async function exportCsv(
  ports: ExportApiPorts,
  surface: ExportSurface,
  { c, caller: { principal, session: own }, query }: Pick<AskedExport, 'c' | 'caller' | 'query'>,
): Promise<Result<Answer, AuditRefusal>> {
  const { finding } = ports
  const policy = ports.policy()
  if (!policy.ok) return refuse({ problem: 'not-ready' })
  if (finding === undefined)
    return refuse({ problem: 'malformed', message: 'there is no CSV here' })
  const { only } = readsAs(principal, policy.value)
  const { all, format, private: withPrivate, previous, from, to, ...rest } = query
  if (only !== undefined && !(rest.principal ?? []).every((one) => isMeant(one, principal)))
    return refuse({ problem: 'no-exporter' })
  if (rest.session !== undefined) {
    const scope = { session: rest.session }
    const asked = { scope, format: 'ocsf', withPrivate, previous } as const
    const refusal = await exportRefusal(ports.entries, principal, policy.value, asked)
    if (refusal !== undefined) return refuse(refusal)
  }
  const filter = { ...rest, from: utc(from), to: utc(to) }
  await freshIndex(finding)
  const recorded = await recordAudit(
    ports,
    { principal, session: own },
    {
      type: 'exported',
      what: 'export',
      filter: filterOf({ ...filter, all: all ? 'true' : undefined, format, only }),
      withPrivate: false,
    },
  )
  if (!recorded.ok) return refuse({ problem: 'record-unavailable', cause: recorded.error })
  const lines = csvLines(finding, filter, only)
  return ok({ response: await streamedResponse(surface, c, lines, 'text/csv; charset=utf-8') })
}

function utc(time: string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString()
}
