import { createHash } from 'node:crypto'

import { z } from 'zod'

import {
  MOST_SAVED_SEARCHES,
  type SavedSearch,
  type SavedSearches,
} from '../../recording/search/saved-searches.ts'
import { changeRegister } from './change-register.ts'
import type { Registers } from './registers.ts'

const COLLECTION = 'savedSearches'

const all = z.array(
  z.strictObject({ id: z.string(), name: z.string(), query: z.string(), savedAt: z.int() }),
)

/** `SavedSearches` on registers: one for each person. */
export function registeredSearches(registers: Registers): SavedSearches {
  return {
    of: async (owner) => parse((await registers.read(COLLECTION, keyOf(owner)))?.bytes),
    save: (owner, search) =>
      changeRegister<'saved' | 'too-many'>(registers, at(owner), (before) => {
        const searches = parse(before)
        if (searches.some(({ id }) => id === search.id))
          return { after: undefined, result: 'saved' }
        return searches.length >= MOST_SAVED_SEARCHES
          ? { after: undefined, result: 'too-many' }
          : { after: encode([...searches, search]), result: 'saved' }
      }),
    remove: (owner, id) =>
      changeRegister(registers, at(owner), (before) => {
        const searches = parse(before)
        const left = searches.filter((search) => search.id !== id)
        return left.length === searches.length
          ? { after: undefined, result: false }
          : { after: encode(left), result: true }
      }),
  }
}

function at(owner: string) {
  return { collection: COLLECTION, key: keyOf(owner) } as const
}

/** Subjects may be long, and are nobody's business in a document's name. */
function keyOf(owner: string): string {
  return createHash('sha256').update(owner).digest('hex')
}

function encode(searches: readonly SavedSearch[]): Buffer {
  return Buffer.from(JSON.stringify(searches))
}

function parse(bytes: Buffer | undefined): readonly SavedSearch[] {
  return bytes === undefined ? [] : all.parse(JSON.parse(bytes.toString('utf8')))
}
