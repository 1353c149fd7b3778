import type { Hono } from 'hono'

import type { ConsoleEnv } from '../console-env.ts'
import { showOverview } from './overview-page.tsx'

/** The first page. */
export function overviewPages(app: Hono<ConsoleEnv>): void {
  app.get('/', showOverview)
}
