import type { Grant, GrantEvent } from './grant.ts'
import { isOpen } from './hours.ts'
import { standingOf } from './standing.ts'
import { expire } from './transitions.ts'

/** What time alone does to a grant: it expires, or people are reminded and the escalation group is asked as well. */
export function due(grant: Grant, at: number): readonly GrantEvent[] {
  const expired = expire(grant, at)
  return expired.length > 0
    ? expired
    : [...told(grant, 'escalated', at), ...told(grant, 'reminded', at)]
}

/** One event for all that was missed, and only in the hours of whoever is asked. */
function told(grant: Grant, type: 'reminded' | 'escalated', at: number): readonly GrantEvent[] {
  if (standingOf(grant).state !== 'approval-awaited') return []
  const last = grant.events.findLast((event) => event.type === type)?.at ?? -Infinity
  const isDue = grant.terms.some(({ remindersMs, escalation, hours }) => {
    const after =
      type === 'reminded' ? remindersMs : escalation === undefined ? [] : [escalation.afterMs]
    const isNew = after
      .map((ms) => grant.requestedAt + ms)
      .some((time) => time <= at && last < time)
    return isNew && (hours === undefined || isOpen(hours, at))
  })
  return isDue ? [{ type, at }] : []
}
