import type { Grant } from '../../approval/grant.ts'
import type { SlackBlock } from '../../approval/slack-web.ts'
import { oddNames } from '../odd-names.ts'
import { type VisibleText, visibleLine } from '../visible-text.ts'
import { lines, literal, smallPrint } from './blocks.ts'
import { firstOf } from './said-of.ts'

const MOST_NAMES = 5

/** What whoever decides has to know of what the message shows before they read it; at most two blocks. */
export function warningBlocks(
  grant: Grant,
  sql: VisibleText,
  where: string,
): readonly SlackBlock[] {
  const warnings = warningsOf(grant, sql)
  if (warnings.length === 0) return []
  return [
    lines(warnings.map((warning) => [literal(`⚠ ${warning}`)])),
    smallPrint(`Before you decide, see all of it: ${where}`),
  ]
}

function warningsOf({ told, request }: Grant, sql: VisibleText): readonly string[] {
  const names = [told.tables, told.targets, told.governedColumns]
  const odd = oddNames(names.flat(), request.sql)
  return [
    ...(sql.shown < sql.total ? [cutNotice(sql)] : []),
    ...(names.some((each) => firstOf(each).length < each.length)
      ? ['More tables or columns than are shown here.']
      : []),
    ...(sql.escaped > 0
      ? [
          `${sql.escaped} characters of the SQL cannot be seen or change the order of others; they are shown as escapes such as \\u202E.`,
        ]
      : []),
    ...(odd.length > 0
      ? [
          `Names with letters beyond ASCII, which may look like others: ${odd
            .slice(0, MOST_NAMES)
            .map((name) => visibleLine(name, 300))
            .join(', ')}${odd.length > MOST_NAMES ? ` and ${odd.length - MOST_NAMES} more` : ''}`,
        ]
      : []),
  ]
}

/** `The SQL is cut: 2,800 of 102,400 characters shown.` */
export function cutNotice({ shown, total }: VisibleText): string {
  return `The SQL is cut: ${count(shown)} of ${count(total)} characters shown.`
}

function count(number: number): string {
  return number.toLocaleString('en-US')
}
