import { matchesGlob } from '../../policy/glob.ts'
import type { RetentionClass, RetentionTerms } from '../../policy/record-terms.ts'
import type { RefusalEntry, RequestEntry, Entry } from '../entry.ts'

/** Class of what is in none of those that policy lists. */
const DEFAULT = 'default'

/** Class of what the record says of itself: others are verified with it. */
const RECORD = 'record'

/**
 * Id of the class that says for how long an entry is kept. All of a call go with its `request`, undefined where the
 * entry is no part of a call, or the request itself. A call is kept as long as the one of its tables that is kept
 * longest; what belongs to no call, or to one whose request is not known, as long as whatever is kept longest.
 */
export function retentionClassOf(
  entry: Entry,
  request: RequestEntry | undefined,
  terms: RetentionTerms,
): string {
  const asked = entry.type === 'request' || entry.type === 'refusal' ? entry : request
  return asked === undefined ? RECORD : classOfCall(asked, terms)
}

/** For how long a class keeps, in milliseconds. One that policy does not know: as long as whatever is kept longest. */
export function keepMsOf(id: string, terms: RetentionTerms): number {
  if (id === DEFAULT) return terms.defaultMs
  const known = terms.classes.find((each) => each.id === id)
  // Fail closed: a class that was taken out of policy says nothing of what is in it.
  return known?.keepMs ?? Math.max(terms.defaultMs, ...terms.classes.map(({ keepMs }) => keepMs))
}

function classOfCall(asked: RequestEntry | RefusalEntry, terms: RetentionTerms): string {
  const effect = asked.type === 'refusal' ? 'deny' : asked.decision.effect
  const possible = terms.classes.filter(
    ({ decisions }) => decisions === undefined || decisions.includes(effect),
  )
  const tables = [...new Set([...asked.tables, ...asked.targets])]
  const ids = (tables.length === 0 ? [undefined] : tables).map(
    (table) => longest(possible.filter((each) => isAbout(each, table)))?.id ?? DEFAULT,
  )
  return ids.reduce((a, b) => (keepMsOf(b, terms) > keepMsOf(a, terms) ? b : a))
}

function isAbout({ tables }: RetentionClass, table: string | undefined): boolean {
  if (tables === undefined) return true
  return table !== undefined && tables.some((pattern) => matchesGlob(table.toLowerCase(), pattern))
}

function longest(classes: readonly RetentionClass[]): RetentionClass | undefined {
  return classes.reduce<RetentionClass | undefined>(
    (most, each) => (most === undefined || each.keepMs > most.keepMs ? each : most),
    undefined,
  )
}
