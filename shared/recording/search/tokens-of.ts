import { callTokens } from './call-tokens.ts'
import { personTokens } from './principal-tokens.ts'
import type { SearchDocument } from './search-document.ts'
import { token } from './token.ts'

/** Firestore keeps 40,000 index entries of a document and 2 MiB of them; this is well below both. */
const MOST_TOKENS = 4_000

/**
 * All that a document can be found by: lower case, none twice, at most 4,000. What says most comes first: of a call that has
 * more, the last words of its SQL are left out, then columns it reads without a mask; it is found by the flag `wide` then.
 */
export function tokensOf(document: SearchDocument): readonly string[] {
  const all = new Set(allOf(document))
  if (all.size <= MOST_TOKENS) return [...all]
  return [...new Set([token('flag', 'wide'), ...all])].slice(0, MOST_TOKENS)
}

/** Whether some of what a document could be found by is left out. */
export function isCut(document: SearchDocument): boolean {
  return new Set(allOf(document)).size > MOST_TOKENS
}

function allOf(document: SearchDocument): Iterable<string> {
  switch (document.kind) {
    case 'call':
      return callTokens(document)
    case 'session':
      return [
        token('is', 'session'),
        token('session-id', document.session.id),
        ...personTokens('session-of', document.principal),
      ]
    case 'event':
      return [
        token('is', 'event'),
        token('event', document.type),
        ...personTokens('event-by', document.principal),
      ]
  }
}
