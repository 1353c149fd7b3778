import type { Context } from 'hono'

import { type SessionSummary, sessionList } from '../../views/session-view.ts'
import { Badge } from '../components/badge.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { Pagination } from '../components/pagination.tsx'
import { Panel } from '../components/panel.tsx'
import { Plain } from '../components/plain.tsx'
import { Count } from '../components/quantities.tsx'
import { Through } from '../components/through.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { places, withQuery } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { SessionFilters, filtersOf } from './session-filters.tsx'

/** `GET /console/sessions`: sessions, newest first. */
export async function showSessions(c: Context<ConsoleEnv>): Promise<Response> {
  const filters = filtersOf(c)
  const pageToken = c.req.query('pageToken')
  const path = withQuery('/v1/sessions', { ...filters, pageToken })
  const list = await c.get('ask')({ path }, sessionList)
  const facts = { title: 'Sessions', section: 'sessions' } as const
  if (!list.ok) return showProblem(c, list.error, facts)
  const { sessions, nextPageToken } = list.value
  const isFiltered = Object.values(filters).some((value) => value !== undefined)
  return showPage(
    c,
    { ...facts, lead: 'What somebody, or an agent of theirs, asked for in one go.' },
    <>
      <SessionFilters filters={filters} />
      <Panel title="Newest first" id="sessions" flush>
        {sessions.length === 0 ? (
          <Empty title={isFiltered ? 'No session matches.' : 'There are no sessions yet.'}>
            {isFiltered ? (
              <a href="/console/sessions">Show all of them</a>
            ) : (
              'The first query through Sluice opens one.'
            )}
          </Empty>
        ) : (
          <DataTable
            caption="Sessions"
            columns={columns}
            rows={sessions}
            href={({ session }) => places.session(session)}
          />
        )}
      </Panel>
      <Pagination
        label="More sessions"
        first={pageToken === undefined ? undefined : withQuery('/console/sessions', filters)}
        next={
          nextPageToken && withQuery('/console/sessions', { ...filters, pageToken: nextPageToken })
        }
      />
    </>,
  )
}

const columns: readonly Column<SessionSummary>[] = [
  {
    head: 'Opened',
    cell: ({ at, session }) => (
      <a href={places.session(session)}>
        <Time at={at} />
      </a>
    ),
  },
  { head: 'Who', cell: ({ principal }) => <Who person={principal} /> },
  {
    head: 'Through',
    cell: ({ claimed, principal }) => <Through claimed={claimed} clientId={principal.clientId} />,
  },
  { head: 'From', cell: ({ sourceAddress }) => sourceAddress && <Plain words={sourceAddress} /> },
  { head: 'Calls', numeric: true, cell: ({ calls }) => <Count of={calls} /> },
  {
    head: 'Of them',
    cell: ({ denied, held }) => (
      <span class="badges">
        {denied > 0 && <Badge tone="bad">{`${denied} denied`}</Badge>}
        {held > 0 && <Badge tone="wait">{`${held} held`}</Badge>}
      </span>
    ),
  },
  {
    head: 'Closed',
    cell: ({ closedAt }) =>
      closedAt === undefined ? <Badge tone="wait">open</Badge> : <Time at={closedAt} />,
  },
]
