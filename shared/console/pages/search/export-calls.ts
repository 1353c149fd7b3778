import type { Context } from 'hono'

import type { ConsoleEnv } from '../console-env.ts'
import { showProblem } from '../show-problem.tsx'
import { pairsOf, urlOf } from './pairs.ts'

const files: ReadonlyMap<string, string> = new Map([
  ['csv', 'calls.csv'],
  ['ocsf', 'events.ocsf.ndjson'],
  ['bundle', 'record.bundle.ndjson'],
])

/** `GET /console/export`: what `GET /v1/export` streams, as a file. It is the API that decides, and that records it. */
export async function exportCalls(c: Context<ConsoleEnv>): Promise<Response> {
  const format = c.req.query('format') ?? 'csv'
  const name = files.get(format)
  if (name === undefined)
    return showProblem(c, { status: 400, message: 'there is no export of that kind' })
  const pairs = pairsOf(c)
  const path = urlOf('/v1/export', pairs, [
    ['format', format],
    ...(pairs.length === 0 ? [['all', 'true'] as const] : []),
  ])
  const answer = await c.get('download')(path)
  if (!answer.ok) return showProblem(c, answer.error, { section: 'search' })
  const headers = new Headers(answer.value.headers)
  headers.set('content-disposition', `attachment; filename="${name}"`)
  return new Response(answer.value.body, { headers })
}
