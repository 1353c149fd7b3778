import type { Hono } from 'hono'

import { showCall } from './calls/call-page.tsx'
import type { ConsoleEnv } from './console-env.ts'
import { showPlayback } from './sessions/playback-page.tsx'
import { showSession } from './sessions/session-page.tsx'
import { showSessions } from './sessions/sessions-page.tsx'
import { showTable } from './tables/table-page.tsx'
import { showTables } from './tables/tables-page.tsx'

/** What is on the record: sessions and their playback, calls, tables. */
export function recordPages(app: Hono<ConsoleEnv>): void {
  app.get('/sessions', showSessions)
  app.get('/sessions/:session', showSession)
  app.get('/sessions/:session/playback', showPlayback)
  app.get('/calls/:call', showCall)
  app.get('/tables', showTables)
  app.get('/tables/:table', showTable)
}
