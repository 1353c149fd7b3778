import type { Hono } from 'hono'

import { approvalPages } from './approvals/approval-pages.ts'
import type { ConsoleEnv } from './console-env.ts'
import { recordPages } from './record-pages.ts'

/** Adds some pages of the console to its app; paths are below `/console`. */
export type AddPages = (app: Hono<ConsoleEnv>) => void

/** All pages there are. */
export const pages: readonly AddPages[] = [recordPages, approvalPages]
