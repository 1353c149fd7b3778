import { token } from '../../recording/search/token.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { FindPorts } from '../calls/find.ts'
import { summaryOf } from '../calls/summary-of.ts'
import { publicHealth, readHealth } from '../log/log-health.ts'
import type { LogPorts } from '../log/readable-log.ts'
import { LONGEST_SPAN_MS, type Span, lastDays } from '../overview/buckets.ts'
import { MOST_COUNTED, countActivity } from '../overview/count-activity.ts'
import { countOwn } from '../overview/count-own.ts'
import { newestCalls } from '../overview/newest-calls.ts'
import { topPrincipals, topRules, topTables } from '../overview/tops.ts'
import { type Overview, overview } from '../views/overview-view.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { type ReadsAs, readsAs, sees } from './reads-as.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { spanOf, spanQuery } from './span-query.ts'
import { auditorsAndRequesters } from './who-may.ts'

/** What an overview asks of the world. */
export interface OverviewPorts extends AuditPorts, FindPorts, Pick<LogPorts, 'log'> {}

const MOST_LOOKED_AT = 1_000
/** Of what a requester did. */
const MOST_OWN = 5_000
const MOST_FLAGGED = 10

/**
 * `GET /overview`: what happened in a stretch of time, at a glance; without one in the last day. For auditors, and for
 * requesters as far as they did it.
 */
export function overviewRoutes(app: AuditApp, ports: OverviewPorts, surface: AuditSurface): void {
  serveRoute(
    app,
    ports,
    surface,
    {
      method: 'get',
      path: '/overview',
      what: 'overview.get',
      tag: 'overview',
      summary: 'What happened, at a glance',
      description: `Calls over time by decision, counted up to ${MOST_COUNTED} in each bucket; what occurs most in the newest ${MOST_LOOKED_AT}; which of those are worth a look; and how the log stands. Without \`from\` and \`to\` it is about the last day. Requesters see what they did, up to ${MOST_OWN} calls.`,
      mayNot: auditorsAndRequesters,
      recorded: 'as-read',
      params: nothing,
      query: spanQuery(LONGEST_SPAN_MS),
      body: nothing,
      answer: { name: 'Overview', schema: overview },
    },
    async ({ caller: { principal }, query }) => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const reader = readsAs(principal, policy.value)
      await ports.refreshIndex()
      const span = spanOf(query) ?? lastDays(1, ports.clock())
      const health = await readHealth({ ...ports, onFailure: surface.onFailure })
      const json: Overview = {
        from: new Date(span.from).toISOString(),
        to: new Date(span.to).toISOString(),
        ...(await seenBy(reader, span)),
        log: reader.only === undefined ? health : publicHealth(health),
      }
      return tellJson(json)
    },
  )

  async function seenBy(
    reader: ReadsAs,
    span: Span,
  ): Promise<Omit<Overview, 'from' | 'to' | 'log'>> {
    if (reader.only === undefined) {
      const [{ isExact, ...counted }, newest] = await Promise.all([
        countActivity(ports.index, span),
        newestCalls(ports.index, { tokens: [token('is', 'call')], ...span }, MOST_LOOKED_AT),
      ])
      return { ...counted, countedUpTo: isExact ? undefined : MOST_COUNTED, ...atAGlance(newest) }
    }
    // The index folds case, and whoever differs in case is somebody else: so these are counted one by one.
    const tokens = [token('principal-key', reader.only)]
    const isOwn = (call: { readonly principal: Parameters<typeof sees>[1] }) =>
      sees(reader, call.principal)
    const own = await newestCalls(ports.index, { tokens, ...span }, MOST_OWN, isOwn)
    const newest = {
      calls: own.calls.slice(0, MOST_LOOKED_AT),
      isAll: own.isAll && own.calls.length <= MOST_LOOKED_AT,
    }
    return {
      ...countOwn(own.calls, span),
      countedUpTo: own.isAll ? undefined : MOST_OWN,
      ...atAGlance(newest),
    }
  }
}

function atAGlance({ calls, isAll }: Awaited<ReturnType<typeof newestCalls>>) {
  return {
    topTables: topTables(calls),
    topPrincipals: topPrincipals(calls),
    topRules: topRules(calls),
    counted: { calls: calls.length, isAll },
    flagged: calls
      .filter(({ flags }) => flags.length > 0)
      .slice(0, MOST_FLAGGED)
      .map(summaryOf),
  }
}
