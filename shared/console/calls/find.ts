import { type Result, ok } from '../../kernel/result.ts'
import type { CursorProblem } from '../../recording/entry-store.ts'
import { isMeant } from '../../recording/search/principal-tokens.ts'
import { queryTokens } from '../../recording/search/query-tokens.ts'
import type {
  CallDocument,
  EventDocument,
  SessionDocument,
} from '../../recording/search/search-document.ts'
import type { SearchFilter } from '../../recording/search/search-filter.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import {
  type OtherFilter,
  search,
  searchEvents,
  searchSessions,
} from '../../recording/search/search.ts'
import { sees } from '../api/reads-as.ts'
import { timeOf } from './person-of.ts'

/** Where the record is searched. */
export interface FindPorts {
  readonly index: SearchIndex
  /**
   * Port. Brings the index up to date, as far as it gets in a moment; `upTo` says how far that was. Rejects when record or
   * index cannot be reached.
   */
  readonly refreshIndex: () => Promise<unknown>
}

/** Which page, and of whose doings alone: `principalKey`; undefined for everybody's. */
export interface FindPage {
  readonly only: string | undefined
  readonly limit: number
  readonly before?: string | undefined
}

/** What was found, newest first; it may be less than the limit, and still have a next page. */
type Found<D> = Result<
  { readonly found: readonly D[]; readonly before: string | undefined },
  CursorProblem
>

/** Brings the index up to date, and says until when the record is in it; RFC 3339. Rejects as `refreshIndex` does. */
export async function freshIndex({ index, refreshIndex }: FindPorts): Promise<string | undefined> {
  await refreshIndex()
  const upTo = await index.upTo()
  return upTo && timeOf(Math.floor(upTo.at / 1000))
}

/** Calls, of whom the caller may see. Rejects when the index cannot be reached. */
export async function findCalls(
  { index }: Pick<FindPorts, 'index'>,
  filter: SearchFilter,
  page: FindPage,
): Promise<Found<CallDocument>> {
  const { only } = page
  const forced = only === undefined ? [] : [only]
  const principal = [...(filter.principal ?? []), ...forced]
  return seen(await search(index, { ...filter, principal }, page), page)
}

/** Sessions, likewise. */
export async function findSessions(
  { index }: Pick<FindPorts, 'index'>,
  filter: OtherFilter,
  page: FindPage,
): Promise<Found<SessionDocument>> {
  const { only } = page
  const principal = only ?? filter.principal
  return seen(await searchSessions(index, { ...filter, principal }, page), page, filter.principal)
}

/** Entries of the record itself, likewise. */
export async function findEvents(
  { index }: Pick<FindPorts, 'index'>,
  filter: OtherFilter & { readonly type?: string | undefined },
  page: FindPage,
): Promise<Found<EventDocument>> {
  const { only } = page
  const principal = only ?? filter.principal
  return seen(await searchEvents(index, { ...filter, principal }, page), page, filter.principal)
}

/** How many calls there are, counted no further than `atMost`. */
export function countCalls(
  { index }: { readonly index: Pick<SearchIndex, 'count'> },
  filter: SearchFilter,
  atMost: number,
): Promise<number> {
  return index.count({ tokens: queryTokens(filter) }, atMost)
}

// Fail closed: whatever the index finds, nobody is shown what is not theirs.
function seen<D extends CallDocument | SessionDocument | EventDocument>(
  page: Result<
    { readonly documents: readonly D[]; readonly before: string | undefined },
    CursorProblem
  >,
  { only }: FindPage,
  typed?: string,
): Found<D> {
  if (!page.ok) return page
  const { documents, before } = page.value
  const found = documents.filter(
    ({ principal }) =>
      sees({ only }, principal) && (typed === undefined || isMeant(typed, principal)),
  )
  return ok({ found, before })
}
