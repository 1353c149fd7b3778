import type { ApprovalTerms } from '../policy/approval-terms.ts'

/** Somebody who said yes: one person, however many accounts they have. */
export interface Approver {
  /** In which their yes counts. */
  readonly groups: readonly string[]
}

/**
 * Whether enough people said yes for these terms. Each of them fills one place of one group, however many groups they
 * are in; once it has escalated, members of that group fill any.
 */
export function isMet(
  { approvers, quorum, escalation }: ApprovalTerms,
  people: readonly Approver[],
  hasEscalated: boolean,
): boolean {
  const { of, groups } = approvers
  const mayFill = (person: Approver, group: string): boolean =>
    person.groups.includes(group) ||
    (hasEscalated && escalation !== undefined && person.groups.includes(escalation.group))
  const counted = people.filter((person) => groups.some(({ group }) => mayFill(person, group)))
  // Fail closed: terms that ask for nobody are not met by nobody.
  if (counted.length < Math.max(quorum, 1)) return false
  const places = groups.map(({ group, votes }) => Array.from({ length: votes }, () => group))
  return of === 'all'
    ? canFill(places.flat(), counted, mayFill)
    : places.some((ofGroup) => canFill(ofGroup, counted, mayFill))
}

/** Whether every place can have a person of its own: a matching, found by augmenting paths. */
function canFill(
  places: readonly string[],
  people: readonly Approver[],
  mayFill: (person: Approver, group: string) => boolean,
): boolean {
  if (places.length > people.length) return false
  const placeOf = new Map<Approver, number>()
  const seat = (place: number, asked: Set<Approver>): boolean =>
    people.some((person) => {
      if (asked.has(person) || !mayFill(person, places[place] ?? '')) return false
      asked.add(person)
      const taken = placeOf.get(person)
      if (taken !== undefined && !seat(taken, asked)) return false
      placeOf.set(person, place)
      return true
    })
  return places.every((_, place) => seat(place, new Set()))
}
