import { z } from '@hono/zod-openapi'

import { formatTable } from '../../bigquery/reference.ts'
import type { OwnQuestions } from '../../gateway/schemas.ts'
import type { DerivedTags } from '../../policy/derived-tags.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import { token } from '../../recording/search/token.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { FindPorts } from '../calls/find.ts'
import { summaryOf } from '../calls/summary-of.ts'
import { LONGEST_SPAN_MS, lastDays } from '../overview/buckets.ts'
import { newestCalls } from '../overview/newest-calls.ts'
import { catalogAnswer } from '../tables/catalog-answer.ts'
import { columnsOf } from '../tables/columns-of.ts'
import { parseTable } from '../tables/parse-table.ts'
import { touchedBy } from '../tables/touched-by.ts'
import { touchedTables } from '../tables/touched-tables.ts'
import { type TableList, type TableView, tableList, tableView } from '../views/table-view.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { spanOf, spanQuery } from './span-query.ts'
import { onlyAuditors } from './who-may.ts'

/** What showing tables asks of the world. */
export interface TablesPorts extends AuditPorts, FindPorts, Pick<OwnQuestions, 'catalog'> {
  readonly derivedTags: Pick<DerivedTags, 'of'>
}

const USUAL_DAYS = 30
const MOST_LOOKED_AT = 1_000
const MOST_SHOWN = 20

const one = z.strictObject({ table: z.string().min(1).max(2_000) })

/**
 * `GET /tables`: what was asked about lately; `GET /tables/{table}`: who touched a table, and what the policy in force puts on
 * its columns. For auditors.
 */
export function tablesRoutes(app: AuditApp, ports: TablesPorts, surface: AuditSurface): void {
  const common = {
    method: 'get',
    tag: 'tables',
    mayNot: onlyAuditors,
    recorded: 'as-read',
    query: spanQuery(LONGEST_SPAN_MS),
    body: nothing,
  } as const
  const about = `Looks at the newest ${MOST_LOOKED_AT} calls of a span of time, without one of the last ${USUAL_DAYS} days.`
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      path: '/tables',
      what: 'tables.list',
      summary: 'Tables that were asked about',
      description: `${about} Calls that were refused count as well.`,
      params: nothing,
      answer: { name: 'Tables', schema: tableList },
    },
    async ({ query }) => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const { calls, isAll } = await lookedAt(query, [token('is', 'call')])
      const json: TableList = {
        tables: touchedTables(calls, policy.value.governance),
        counted: { calls: calls.length, isAll },
      }
      return tellJson(json)
    },
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      path: '/tables/{table}',
      what: 'tables.get',
      summary: 'A table: who touched it, and what hides its columns',
      description: `${about} Masks and tags are those of the policy in force, for whoever has no exemption; columns are there where BigQuery says which there are.`,
      params: one,
      answer: { name: 'Table', schema: tableView },
    },
    async ({ params, query }) => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const asked = parseTable(params.table)
      if (asked === undefined)
        return refuse({ problem: 'malformed', message: 'expected `project.dataset.table`' })
      const { onFailure } = surface
      const [{ calls, isAll }, known] = await Promise.all([
        lookedAt(query, [token('table', formatTable(asked))], isAbout(formatTable(asked))),
        catalogAnswer({ ...ports, onFailure }, policy.value, asked),
      ])
      const derived = known === undefined ? [] : await ports.derivedTags.of([known.reference])
      const json: TableView = {
        table: formatTable(known?.reference ?? asked),
        columns: known && columnsOf(known, policy.value.governance, derived, calls),
        principals: touchedBy(calls),
        calls: calls.slice(0, MOST_SHOWN).map(summaryOf),
        counted: { calls: calls.length, isAll },
      }
      return tellJson(json)
    },
  )

  async function lookedAt(
    query: Parameters<typeof spanOf>[0],
    tokens: readonly string[],
    isWanted?: (call: CallDocument) => boolean,
  ) {
    await ports.refreshIndex()
    const span = spanOf(query) ?? lastDays(USUAL_DAYS, ports.clock())
    return newestCalls(ports.index, { tokens, ...span }, MOST_LOOKED_AT, isWanted)
  }
}

/** The token of a table is also that of tables whose names end with its. */
const isAbout = (table: string) => {
  const name = table.toLowerCase()
  return ({ tables, targets }: CallDocument): boolean =>
    [...tables, ...targets].some((each) => each.toLowerCase() === name)
}
