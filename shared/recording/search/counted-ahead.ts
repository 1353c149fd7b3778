import type { CountCalls } from './flags-of.ts'
import type { IndexedDocument, SearchIndex } from './search-index.ts'
import { tokensOf } from './tokens-of.ts'

/** What is about to be put, and what the index has of it: nobody counts it twice, or not at all. */
export interface Ahead extends IndexedDocument {
  readonly before: IndexedDocument['document'] | undefined
}

/** Counts in the index, and in what is about to be put into it. */
export function countedAhead(
  index: Pick<SearchIndex, 'count'>,
  ahead: readonly Ahead[],
): CountCalls {
  return async ({ tokens, from = -Infinity, to = Infinity }, atMost) => {
    const found = await index.count({ tokens, from, to }, atMost)
    const has = (each: readonly string[]) => tokens.every((token) => each.includes(token))
    const added = ahead.filter(
      ({ document, before, ...own }) =>
        document.at >= from &&
        document.at < to &&
        has(own.tokens) &&
        (before === undefined || !has(tokensOf(before))),
    ).length
    return Math.min(atMost, found + added)
  }
}
