import { entryWords } from '../describe-entry.ts'
import type { Entry } from '../entry.ts'
import type { RecordedPrincipal } from '../envelope.ts'
import type { EventDocument } from './search-document.ts'

const MOST_LETTERS = 500

/** An entry that belongs to no call's document and to no session. */
export function eventDocument(entry: Entry): EventDocument {
  return {
    kind: 'event',
    id: `event~${entry.id}`,
    at: entry.at,
    entry: entry.id,
    type: entry.type,
    principal: principalOf(entry),
    // Without time and type, which have members of their own.
    summary: entryWords(entry).slice(0, MOST_LETTERS),
  }
}

function principalOf(entry: Entry): RecordedPrincipal | undefined {
  if ('principal' in entry) return entry.principal
  return 'by' in entry ? entry.by : undefined
}
