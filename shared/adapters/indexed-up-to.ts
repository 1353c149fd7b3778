import { z } from 'zod'

import { canonicalJson } from '../kernel/canonical-json.ts'
import type { IndexedUpTo } from '../recording/search/search-index.ts'
import { maybe } from './maybe.ts'

const place = z.strictObject({
  at: z.number(),
  after: maybe(z.string()),
  version: z.int(),
  olderUpTo: maybe(z.number()),
  turn: z.int(),
})

/** The one form in which a place of the search index is stored: equal places have equal texts. */
export function encodeIndexedUpTo(given: IndexedUpTo): string {
  return canonicalJson(given)
}

/** The place that `encodeIndexedUpTo` was given. Throws for anything else. */
export function decodeIndexedUpTo(text: string): IndexedUpTo {
  return place.parse(JSON.parse(text))
}
