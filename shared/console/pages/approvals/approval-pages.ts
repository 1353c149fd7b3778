import type { Hono } from 'hono'

import type { ConsoleEnv } from '../console-env.ts'
import { showApproval } from './approval-page.tsx'
import { showApprovals } from './approvals-page.tsx'
import { decide } from './decide.ts'

/** What waits for whom, and the page on which people decide. */
export function approvalPages(app: Hono<ConsoleEnv>): void {
  app.get('/approvals', showApprovals)
  app.get('/approvals/:id', (c) => showApproval(c))
  app.post('/approvals/:id', decide)
}
