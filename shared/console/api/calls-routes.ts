import { z } from '@hono/zod-openapi'

import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import { callEntries } from '../calls/call-entries.ts'
import { type CallViewPorts, callViewOf } from '../calls/call-view-of.ts'
import { documentOfCall } from '../calls/document-of-call.ts'
import { type FindPorts, findCalls } from '../calls/find.ts'
import { timeOf } from '../calls/person-of.ts'
import { callFilter } from '../views/call-filter.ts'
import { callList, callView } from '../views/call-view.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { filterOf } from './filter-of.ts'
import { listCalls } from './list-calls.ts'
import { paging } from './paging.ts'
import { readsAs, sees } from './reads-as.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { auditorsAndRequesters } from './who-may.ts'

export interface CallsPorts extends AuditPorts, FindPorts, Pick<CallViewPorts, 'log'> {}

const MOST_REPLAYS = 50

/**
 * `GET /calls` searches, `GET /calls/{call}` shows all of one. Auditors see everything; requesters what they did, and of
 * what others did not even that there is something.
 */
export function callsRoutes(app: AuditApp, ports: CallsPorts, surface: AuditSurface): void {
  const common = {
    method: 'get',
    tag: 'search',
    mayNot: auditorsAndRequesters,
    recorded: 'as-read',
    body: nothing,
  } as const
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      path: '/calls',
      what: 'calls.list',
      summary: 'Search calls',
      description:
        'Newest first; everything given has to hold, and of a filter given several times each value. `facets` are counted over the newest 1,000 matches: `counted` says how many that were, and whether there are no more. Requesters find what they did themselves. Times are UTC.',
      params: nothing,
      query: callFilter.extend(paging),
      answer: { name: 'CallList', schema: callList },
    },
    (asked) => listCalls(ports, asked),
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      path: '/calls/{call}',
      what: 'calls.get',
      summary: 'All of a call',
      description:
        'What was asked and decided, by which rules in the words of that time, who approved it, what was handed over, and whether every entry of it holds. SQL, parameters and rows as kept are for auditors whom policy names private-readers too.',
      params: z.strictObject({
        call: z.string().regex(/^[a-z2-7]{26}$/, 'must be the id of a call'),
      }),
      query: nothing,
      answer: { name: 'Call', schema: callView },
      problems: [404],
    },
    async ({ caller: { principal }, params: { call } }) => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const as = readsAs(principal, policy.value)
      const found = await callEntries(ports.entries, call)
      if (found === undefined || !sees(as, found.first.entry.principal))
        return refuse({ problem: 'no-call' })
      const document = await documentOfCall(ports, found)
      const again = await findCalls(ports, { replayOf: call }, { ...as, limit: MOST_REPLAYS })
      const replays = (again.ok ? again.value.found : []).map((one) => ({
        call: one.call,
        at: timeOf(one.at),
      }))
      const { withPrivate } = as
      const json = await callViewOf(ports, found, document, { withPrivate, replays })
      return tellJson(json, { filter: filterOf({ call }), withPrivate: showsPrivate(json) })
    },
  )
}

function showsPrivate({ private: asked, deliveries }: z.infer<typeof callView>): boolean {
  return (
    asked.state === 'shown' ||
    deliveries.some(({ shownState, error }) => shownState === 'shown' || error !== undefined)
  )
}
