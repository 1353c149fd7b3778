import type { Entry } from '../entry.ts'
import { callDocument } from './call-document.ts'
import { eventDocument } from './event-document.ts'
import type { SearchDocument } from './search-document.ts'
import { sessionDocument } from './session-document.ts'

/**
 * What is found of the entries of one call, of one session's opening and closings, or of one entry that belongs to neither;
 * in any order, and of any part of them. The flags of a call are left empty. Undefined where there is nothing to find: of a
 * call of which neither request nor refusal is there, and of what keeps the record going.
 */
export function documentOf(entries: readonly Entry[]): SearchDocument | undefined {
  const [first] = entries
  const id = first === undefined ? undefined : documentIdOf(first)
  if (first === undefined || id === undefined) return undefined
  if (id.startsWith('call~')) return callDocument(entries)
  return id.startsWith('session~') ? sessionDocument(entries) : eventDocument(first)
}

/** Id of the document that an entry has part in; undefined for none. */
export function documentIdOf(entry: Entry): string | undefined {
  if (OF_THE_LOG.has(entry.type)) return undefined
  if (OF_A_CALL.has(entry.type) && entry.call !== undefined) return `call~${entry.call}`
  if (entry.type === 'session-opened') return `session~${entry.session.id}`
  return entry.type === 'session-closed' ? `session~${entry.session}` : `event~${entry.id}`
}

const OF_A_CALL: ReadonlySet<Entry['type']> = new Set([
  'request',
  'refusal',
  'approval',
  'page',
  'outcome',
])

const OF_THE_LOG: ReadonlySet<Entry['type']> = new Set([
  'writer-opened',
  'writer-closed',
  'writer-gap',
  'sealed-batch',
])
