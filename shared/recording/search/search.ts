import { type Result, err, ok } from '../../kernel/result.ts'
import type { CursorProblem } from '../entry-store.ts'
import { matchesExactly, span } from './matches.ts'
import { type Part, isMeant, typedPerson } from './principal-tokens.ts'
import { queryTokens } from './query-tokens.ts'
import type {
  CallDocument,
  EventDocument,
  SearchDocument,
  SessionDocument,
} from './search-document.ts'
import type { SearchFilter } from './search-filter.ts'
import type { IndexQuery, SearchIndex } from './search-index.ts'
import { token } from './token.ts'

/** Which page: at most so many, before the cursor that the last page of the same search returned. */
interface PageAsked {
  readonly limit: number
  readonly before?: string | undefined
}

/** A page of what was found, newest first; `before` is undefined on the last. It may be short of `limit`, even empty, and have one. */
interface Found<D> {
  readonly documents: readonly D[]
  readonly before: string | undefined
}

/** Whom a session or an event is of, of which type an event is, and when. */
export interface OtherFilter extends Pick<SearchFilter, 'from' | 'to'> {
  readonly principal?: string | undefined
}

type Find = Pick<SearchIndex, 'find'>

/** The calls that a filter selects. Rejects as the index does. */
export function search(
  index: Find,
  filter: SearchFilter,
  page: PageAsked,
): Promise<Result<Found<CallDocument>, CursorProblem>> {
  const query = { tokens: queryTokens(filter), ...span(filter) }
  const isWanted = (document: SearchDocument): document is CallDocument =>
    document.kind === 'call' && matchesExactly(filter, document)
  return pageOf(index, query, page, isWanted)
}

/** Sessions, of somebody or of all. */
export function searchSessions(
  index: Find,
  filter: OtherFilter,
  page: PageAsked,
): Promise<Result<Found<SessionDocument>, CursorProblem>> {
  const isWanted = (document: SearchDocument): document is SessionDocument =>
    document.kind === 'session' && isOf(filter, document)
  return pageOf(index, queryOf('session-of', filter, token('is', 'session')), page, isWanted)
}

/** Entries of the record itself, of one type or of all. */
export function searchEvents(
  index: Find,
  filter: OtherFilter & { readonly type?: string | undefined },
  page: PageAsked,
): Promise<Result<Found<EventDocument>, CursorProblem>> {
  const { type } = filter
  const kind = type === undefined ? token('is', 'event') : token('event', type)
  const isWanted = (document: SearchDocument): document is EventDocument =>
    document.kind === 'event' && isOf(filter, document)
  return pageOf(index, queryOf('event-by', filter, kind), page, isWanted)
}

function queryOf(part: Part, filter: OtherFilter, kind: string): IndexQuery {
  const { principal } = filter
  const tokens = [kind, ...(principal === undefined ? [] : [typedPerson(part, principal)])]
  return { tokens, ...span(filter) }
}

function isOf({ principal }: OtherFilter, document: SessionDocument | EventDocument): boolean {
  return principal === undefined || isMeant(principal, document.principal)
}

/** How often the index is asked for one page. */
const MOST_LOOKS = 10

async function pageOf<D extends SearchDocument>(
  index: Find,
  query: IndexQuery,
  { limit, before: start }: PageAsked,
  isWanted: (document: SearchDocument) => document is D,
): Promise<Result<Found<D>, CursorProblem>> {
  const documents: D[] = []
  let before = start
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    // Never more than fit: a cursor stands behind a page, not in it.
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await index.find({ ...query, limit: limit - documents.length, before })
    if (!page.ok) return err(page.error)
    documents.push(...page.value.documents.filter(isWanted))
    before = page.value.before
    if (before === undefined || documents.length >= limit) break
  }
  return ok({ documents, before })
}
