import { z } from '@hono/zod-openapi'

import type { Result } from '../../kernel/result.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import { type FindPorts, findSessions, freshIndex } from '../calls/find.ts'
import { sessionSummaryOf } from '../calls/session-summary-of.ts'
import type { LogPorts } from '../log/readable-log.ts'
import { type SessionList, sessionList, sessionView } from '../views/session-view.ts'
import type { AuditApp } from './audit-app.ts'
import { type Answer, type Asked, nothing } from './audit-route.ts'
import { filterOf } from './filter-of.ts'
import { sessionsQuery } from './list-query.ts'
import { NOT_VALID } from './page-token.ts'
import { readPaged } from './paged.ts'
import { paging } from './paging.ts'
import { serveRoute, tellJson } from './serve-route.ts'
import { showSession } from './show-session.ts'
import { auditorsAndRequesters } from './who-may.ts'

export interface SessionsPorts extends AuditPorts, FindPorts, Pick<LogPorts, 'log'> {}

/** `GET /sessions` lists them, `GET /sessions/{session}` is the timeline of one. For whom `GET /calls` is. */
export function sessionsRoutes(app: AuditApp, ports: SessionsPorts, surface: AuditSurface): void {
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
      path: '/sessions',
      what: 'sessions.list',
      summary: 'Sessions',
      description:
        'Newest first, with how many calls each has, counted no further than 1,000. Requesters find their own.',
      params: nothing,
      query: sessionsQuery,
      answer: { name: 'SessionList', schema: sessionList },
    },
    (asked) => listSessions(ports, asked),
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      path: '/sessions/{session}',
      what: 'sessions.get',
      summary: 'The timeline of a session',
      description:
        'Its calls, oldest first, each with what happened when; and its opening and closings, verified. One of somebody else does not exist for a requester.',
      params: z.strictObject({
        session: z.string().regex(/^[a-z2-7]{26}$/, 'must be the id of a session'),
      }),
      query: z.strictObject({
        ...paging,
        pageSize: z.coerce.number().int().min(1).max(500).default(100),
      }),
      answer: { name: 'Session', schema: sessionView },
      problems: [404],
    },
    (asked) => showSession(ports, asked),
  )
}

async function listSessions(
  ports: SessionsPorts,
  { caller: { principal }, query }: Asked<unknown, z.infer<typeof sessionsQuery>, unknown>,
): Promise<Result<Answer, AuditRefusal>> {
  const paged = readPaged(ports, principal, 'sessions.list', query)
  if (!paged.ok) return paged
  const { as, filter, limit, before, tokenOf } = paged.value
  await freshIndex(ports)
  const page = await findSessions(ports, filter, { ...as, limit, before })
  if (!page.ok) return NOT_VALID
  const json: SessionList = {
    sessions: await Promise.all(page.value.found.map((one) => sessionSummaryOf(ports, one))),
    nextPageToken: tokenOf(page.value.before),
  }
  return tellJson(json, { filter: filterOf({ ...filter, only: as.only }) })
}
