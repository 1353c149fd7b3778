import type { IndexedDocument, IndexedUpTo } from '../../recording/search/search-index.ts'
import { decodeIndexedUpTo, encodeIndexedUpTo } from '../indexed-up-to.ts'
import { encodeSearchDocument } from '../search-document-codec.ts'
import type { Documents } from './documents.ts'
import type { FieldValue } from './field-value.ts'

export const SEARCH_DOCUMENTS = { database: 'operations', collection: 'searchDocuments' } as const
const PLACES = { database: 'operations', collection: 'searchPlaces' } as const
const PLACE = 'place'

/** A commit is at most 10 MiB. */
const MOST_BYTES = 4 * 1024 * 1024
const MOST_DOCUMENTS = 400
const MOST_TRIES = 10

interface Write {
  readonly id: string
  readonly fields: Readonly<Record<string, FieldValue>>
}

/** The place as it is kept now, and when it was written. */
interface KeptPlace {
  readonly place: IndexedUpTo | undefined
  readonly updateTime: string | undefined
}

/** The place of the index. */
export async function readPlace(documents: Documents): Promise<KeptPlace> {
  const stored = await documents.get(PLACES, PLACE)
  const bytes = stored?.bytes('bytes')
  return {
    place: bytes && decodeIndexedUpTo(bytes.toString()),
    updateTime: stored?.updateTime,
  }
}

/** What is written, in parts that fit a commit; at least one. */
export function indexedBatches(
  given: readonly IndexedDocument[],
  termsOf: (tokens: readonly string[]) => readonly string[],
): readonly (readonly Write[])[] {
  const batches: Write[][] = [[]]
  let size = 0
  for (const { document, tokens } of given) {
    const bytes = encodeSearchDocument(document)
    const terms = termsOf(tokens)
    size += bytes.length + terms.length * 20
    const last = batches.at(-1)
    const write = { id: document.id, fields: { tokens: terms, at: document.at, bytes } }
    if (
      last === undefined ||
      (last.length > 0 && (size > MOST_BYTES || last.length >= MOST_DOCUMENTS))
    ) {
      batches.push([write])
      size = bytes.length + terms.length * 20
    } else last.push(write)
  }
  return batches
}

/**
 * Writes all, the place with the last of it; false when somebody else was faster. Until then the place is one that nobody
 * else has read.
 */
export async function putBatches(
  documents: Documents,
  start: KeptPlace,
  batches: readonly (readonly Write[])[],
  next: IndexedUpTo,
): Promise<boolean> {
  let { updateTime } = start
  const between = { ...(start.place ?? { ...next, at: 0, after: undefined }), turn: -next.turn }
  for (const [number, set] of batches.entries()) {
    const isLast = number === batches.length - 1
    const place = isLast ? next : between
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if ((await written(documents, { set, remove: [], updateTime, place })) === 'changed')
      return false
    if (isLast) break
    // oxlint-disable-next-line no-await-in-loop
    const now = await readPlace(documents)
    if (now.place === undefined || encodeIndexedUpTo(now.place) !== encodeIndexedUpTo(between))
      return false
    updateTime = now.updateTime
  }
  return true
}

/** Removes documents and moves the place on. Rejects when others write all the time. */
export async function removeGuarded(documents: Documents, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += MOST_DOCUMENTS)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await removeSome(documents, ids.slice(start, start + MOST_DOCUMENTS))
}

async function removeSome(documents: Documents, remove: readonly string[]): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- again when somebody else was faster
    const { place, updateTime } = await readPlace(documents)
    // Without a place there is nothing in the index.
    if (place === undefined) return
    const moved = { ...place, turn: place.turn + 1 }
    // oxlint-disable-next-line no-await-in-loop
    if ((await written(documents, { set: [], remove, updateTime, place: moved })) === 'written')
      return
  }
  throw new Error('others write the search index all the time')
}

function written(
  documents: Documents,
  change: {
    readonly set: readonly Write[]
    readonly remove: readonly string[]
    readonly updateTime: string | undefined
    readonly place: IndexedUpTo
  },
): Promise<'written' | 'changed'> {
  const { set, remove, updateTime, place } = change
  const fields = { bytes: Buffer.from(encodeIndexedUpTo(place)) }
  return documents.together(SEARCH_DOCUMENTS, {
    set,
    remove,
    guard: { ...PLACES, id: PLACE, updateTime, fields },
  })
}
