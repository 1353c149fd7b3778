import type { Grant } from '../../approval/grant.ts'
import { type VisibleText, visibleText } from '../visible-text.ts'

/**
 * In UTF-16 units. Slack takes 3,000 in a section and writes down no limit for rich text; nobody reads more
 * than this in a chat anyway.
 */
const LIMIT = 2800

/** The SQL as a message shows it. */
export function shownSql({ request }: Grant): VisibleText {
  return visibleText(request.sql, 'code', LIMIT)
}
