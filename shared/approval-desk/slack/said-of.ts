import type { Grant, Voter } from '../../approval/grant.ts'
import { visibleLine } from '../visible-text.ts'

const NAME_LIMIT = 200

/** A name of anything, on one line, as it is. */
export function nameOf(text: string): string {
  return visibleLine(text, NAME_LIMIT)
}

/** Whoever asks, in a few words. */
export function requesterOf({ request: { principal } }: Grant): string {
  return nameOf(principal.email ?? principal.subject)
}

/** Whoever voted, in a few words. */
export function voterOf({ email, subject, channel }: Voter): string {
  return `${nameOf(email ?? subject)}${channel === 'slack' ? ' (Slack)' : ''}`
}

/** `a SELECT on acme.hospital.claims and 2 more` */
export function queryOf({ told }: Grant): string {
  const [first, ...more] = told.targets.length > 0 ? told.targets : told.tables
  const where = first === undefined ? '' : ` on ${nameOf(first)}`
  return `${nameOf(told.statementType)}${where}${more.length > 0 ? ` and ${more.length} more` : ''}`
}

/** The first of the names, and how many more there are. */
export function listOf(names: readonly string[]): string {
  const shown = firstOf(names)
  const more = names.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more, not shown here` : '')
}

/** As many of the names as a message has room for. */
export function firstOf(names: readonly string[]): readonly string[] {
  const shown: string[] = []
  let room = LIST_ROOM
  for (const name of names.slice(0, LIST_LIMIT).map((each) => nameOf(each))) {
    room -= name.length
    if (room < 0) break
    shown.push(name)
  }
  return shown
}

const LIST_LIMIT = 10
const LIST_ROOM = 900
