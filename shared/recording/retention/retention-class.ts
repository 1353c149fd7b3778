import { matchesGlob } from '../../policy/glob.ts'
import type { RetentionClass, RetentionTerms } from '../../policy/record-terms.ts'
import type { Entry, RequestEntry } from '../entry.ts'

/** Class of what is in none of those that policy lists. */
export const DEFAULT_CLASS = 'default'

/** Class of what the record says of itself, and of calls whose request is not known: it is kept as long as anything. */
export const RECORD_CLASS = 'record'

/** Class of what is never deleted, because it says what is: it holds no personal data. */
export const LOG_CLASS = 'log'

/** What of a call says for how long it is kept. */
export interface Classified {
  readonly effect: 'permit' | 'require-approval' | 'deny'
  /** `project.dataset.table`, read and written. */
  readonly tables: readonly string[]
}

/**
 * Id of the class that says for how long an entry is kept. All of a call go with its `request`, undefined where the
 * entry is no part of a call, or the request itself. A call is kept as long as the one of its tables that is kept
 * longest.
 */
export function retentionClassOf(
  entry: Entry,
  request: RequestEntry | undefined,
  terms: RetentionTerms,
): string {
  if (isOfLog(entry.type)) return LOG_CLASS
  const asked = entry.type === 'request' || entry.type === 'refusal' ? entry : request
  if (asked === undefined) return RECORD_CLASS
  const effect = asked.type === 'refusal' ? 'deny' : asked.decision.effect
  return classOfCall({ effect, tables: [...asked.tables, ...asked.targets] }, terms)
}

/** Whether entries of a type are in the class of what is never deleted. */
export function isOfLog(type: string): boolean {
  return type === 'sealed-batch' || type === 'retention-deleted'
}

/** For how long a class keeps, in milliseconds. One that policy does not know: as long as whatever is kept longest. */
export function keepMsOf(id: string, terms: RetentionTerms): number {
  if (id === LOG_CLASS) return Infinity
  if (id === DEFAULT_CLASS) return terms.defaultMs
  const known = terms.classes.find((each) => each.id === id)
  // Fail closed: a class that was taken out of policy says nothing of what is in it.
  return known?.keepMs ?? Math.max(terms.defaultMs, ...terms.classes.map(({ keepMs }) => keepMs))
}

/** Id of the class of a call. */
export function classOfCall({ effect, tables }: Classified, terms: RetentionTerms): string {
  const possible = terms.classes.filter(
    ({ decisions }) => decisions === undefined || decisions.includes(effect),
  )
  const of = tables.length === 0 ? [undefined] : [...new Set(tables)]
  const ids = of.map(
    (table) => longest(possible.filter((each) => isAbout(each, table)))?.id ?? DEFAULT_CLASS,
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
