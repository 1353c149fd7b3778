import { principalKey } from '../../identity/principal.ts'
import { type Entry, type RequestEntry, sessionOf } from '../entry.ts'
import type { Hold } from './holds.ts'

/** What holds go by. What is not known is undefined. */
export interface Holdable {
  readonly session: string | undefined
  /** `principalKey`. */
  readonly principal: string | undefined
}

/** The holds that cover something. What is not known of it may be what a hold is about, so it counts as that. */
export function heldBy(what: Holdable, holds: readonly Hold[]): readonly Hold[] {
  // Fail closed: without its session or principal nobody can say that it is not meant.
  return holds.filter(
    ({ scope }) =>
      (scope.session === undefined || (what.session ?? scope.session) === scope.session) &&
      (scope.principal === undefined || (what.principal ?? scope.principal) === scope.principal),
  )
}

/**
 * What holds go by of an entry. `request` is that of its call, undefined for none: pages and outcomes say no more than
 * their session. Of what the record says of itself, neither is known: it is what everything else is verified with.
 */
export function holdableOf(entry: Entry, request: RequestEntry | undefined): Holdable {
  const of = 'principal' in entry ? entry : request
  const principal = of?.principal && principalKey(of.principal)
  return { session: sessionOf(entry) ?? request?.session.id, principal }
}
