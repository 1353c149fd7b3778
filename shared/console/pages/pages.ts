import type { Hono } from 'hono'

import { approvalPages } from './approvals/approval-pages.ts'
import type { ConsoleEnv } from './console-env.ts'
import { logPages } from './log/log-pages.ts'
import { overviewPages } from './overview/overview-pages.ts'
import { policyPages } from './policy/policy-pages.ts'
import { recordPages } from './record-pages.ts'
import { replayPages } from './replays/replay-pages.ts'
import { reviewPages } from './reviews/review-pages.ts'
import { searchPages } from './search/search-pages.ts'

/** Adds some pages of the console to its app; paths are below `/console`. */
export type AddPages = (app: Hono<ConsoleEnv>) => void

/** All pages there are. */
export const pages: readonly AddPages[] = [
  overviewPages,
  searchPages,
  recordPages,
  approvalPages,
  policyPages,
  logPages,
  reviewPages,
  replayPages,
]
