import type { ApprovalSummary } from '../../shared/approval-desk/api/approval-view.ts'
import { visibleLine } from '../../shared/approval-desk/visible-text.ts'

const LONGEST_NAME = 200
const LONGEST_WORDS = 2_000

/** Who wants what, in a few words. */
export function whatText(view: ApprovalSummary): string {
  return `${queryOf(view)} for ${nameOf(view.requester)}`
}

/** A statement and the first table it is about. */
export function queryOf(
  { statementType, tables, targets }: ApprovalSummary,
  most = LONGEST_NAME,
): string {
  const [first, ...more] = targets.length > 0 ? targets : tables
  const where = first === undefined ? '' : ` on ${visibleLine(first, most)}`
  return `${name(statementType)}${where}${more.length > 0 ? ` and ${more.length} more` : ''}`
}

/** `in 42 min` */
export function until(time: string, now: number): string {
  const minutes = Math.round((Date.parse(time) - now) / 60_000)
  if (minutes < 0) return 'is over'
  return minutes < 120 ? `in ${minutes} min` : `in ${Math.round(minutes / 60)} h`
}

/** `2026-11-21 08:25 UTC` */
export function utc(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Somebody, by their address if their issuer vouches for it. */
export function nameOf({
  email,
  subject,
}: {
  readonly email?: string | undefined
  readonly subject: string
}) {
  return name(email ?? subject)
}

/** A name of anything, so that people read what it is. */
export const name = (text: string): string => visibleLine(text, LONGEST_NAME)
/** What somebody wrote to people, likewise. */
export const words = (text: string): string => visibleLine(text, LONGEST_WORDS, 'words')

/** Names, with commas. */
export const names = (all: readonly string[]): string =>
  all
    .filter((each) => each !== '')
    .map((each) => name(each))
    .join(', ')
