import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import { type FindPorts, findEvents, freshIndex } from '../calls/find.ts'
import { personOf, timeOf } from '../calls/person-of.ts'
import { type EventList, eventList } from '../views/session-view.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { filterOf } from './filter-of.ts'
import { eventsQuery } from './list-query.ts'
import { NOT_VALID } from './page-token.ts'
import { readPaged } from './paged.ts'
import { serveRoute, tellJson } from './serve-route.ts'
import { auditorsAndRequesters } from './who-may.ts'

/**
 * `GET /events`: what was done about the record itself, such as who read it. Auditors see everything; requesters what they
 * did.
 */
export function eventsRoutes(
  app: AuditApp,
  ports: AuditPorts & FindPorts,
  surface: AuditSurface,
): void {
  serveRoute(
    app,
    ports,
    surface,
    {
      method: 'get',
      path: '/events',
      what: 'events.list',
      tag: 'search',
      summary: 'What was done about the record',
      description:
        'Entries that belong to no call and to no session, newest first: reads, exports, holds, erasures, changes of policy, alerts. Requesters find what they did themselves.',
      mayNot: auditorsAndRequesters,
      recorded: 'as-read',
      params: nothing,
      query: eventsQuery,
      body: nothing,
      answer: { name: 'EventList', schema: eventList },
    },
    async ({ caller: { principal }, query }) => {
      const paged = readPaged(ports, principal, 'events.list', query)
      if (!paged.ok) return paged
      const { as, filter, limit, before, tokenOf } = paged.value
      await freshIndex(ports)
      const page = await findEvents(ports, filter, { ...as, limit, before })
      if (!page.ok) return NOT_VALID
      const json: EventList = {
        events: page.value.found.map((event) => ({
          entry: event.entry,
          type: event.type,
          at: timeOf(event.at),
          principal: event.principal && personOf(event.principal),
          summary: event.summary,
        })),
        nextPageToken: tokenOf(page.value.before),
      }
      return tellJson(json, { filter: filterOf({ ...filter, only: as.only }) })
    },
  )
}
