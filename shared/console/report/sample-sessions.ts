import { createHash } from 'node:crypto'

import type { SessionDocument } from '../../recording/search/search-document.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import { searchSessions } from '../../recording/search/search.ts'
import { timeOf } from '../calls/person-of.ts'
import type { Span } from '../overview/buckets.ts'

const PAGE = 250
const MOST_PAGES = 40
const SAMPLED = 5

/** Sessions that stand for all that began in a span. */
export interface Sample {
  readonly sampled: readonly SessionDocument[]
  /** Out of how many, and whether these are all. */
  readonly seen: number
  readonly isAll: boolean
}

/**
 * Five sessions of a span, by SHA-256 over session id and span: nobody chooses them, and whoever asks again has the same.
 * Of more than 10,000 they are chosen out of the newest. Rejects as the index does.
 */
export async function sampleSessions(
  index: Pick<SearchIndex, 'find'>,
  span: Span,
): Promise<Sample> {
  const [from, to] = [timeOf(span.from), timeOf(span.to)]
  let best: readonly Ranked[] = []
  let seen = 0
  let before: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const found = await searchSessions(index, { from, to }, { limit: PAGE, before })
    if (!found.ok) throw new Error('the index refuses a cursor of its own')
    const { documents } = found.value
    seen += documents.length
    const ranked = documents.map((session) => ({
      session,
      rank: rankOf(session.session.id, from, to),
    }))
    best = [...best, ...ranked].toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, SAMPLED)
    before = found.value.before
    if (before === undefined) break
  }
  return { sampled: best.map(({ session }) => session), seen, isAll: before === undefined }
}

interface Ranked {
  readonly session: SessionDocument
  readonly rank: string
}

function rankOf(session: string, from: string, to: string): string {
  return createHash('sha256').update(`${session} ${from} ${to}`).digest('hex')
}
