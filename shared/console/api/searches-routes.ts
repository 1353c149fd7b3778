import { z } from '@hono/zod-openapi'

import { principalKey } from '../../identity/principal.ts'
import { newCallId } from '../../recording/call-id.ts'
import {
  MOST_SAVED_SEARCHES,
  type SavedSearch,
  type SavedSearches,
} from '../../recording/search/saved-searches.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import { isSearch } from '../reviews/is-search.ts'
import { savedSearch, savedSearches } from '../views/review-view.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { auditorsAndRequesters } from './who-may.ts'

/** What saving searches asks of the world. */
export interface SearchesPorts extends AuditPorts {
  readonly savedSearches: SavedSearches
}

/** A name, and the filters of a search as they stand in its URL. */
const body = z.strictObject({
  name: z.string().trim().min(1, 'give it a name').max(100, 'at most 100 characters'),
  query: z.string().max(4_000).refine(isSearch, 'expected the filters of a search, as in its URL'),
})

const one = z.strictObject({
  id: z.string().regex(/^[a-z2-7]{26}$/, 'expected the id of a search'),
})

/**
 * `GET`, `POST` and `DELETE /searches`: the searches somebody saved, their own and nobody else's. For auditors and
 * requesters. They are no part of the record, and saving one reads nothing of it.
 */
export function searchesRoutes(app: AuditApp, ports: SearchesPorts, surface: AuditSurface): void {
  const common = {
    tag: 'searches',
    mayNot: auditorsAndRequesters,
    recorded: 'by-itself',
    params: nothing,
    query: nothing,
  } as const
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'get',
      path: '/searches',
      what: 'searches.list',
      summary: 'Searches that you saved',
      description: 'Oldest first. Of nobody else.',
      body: nothing,
      answer: { name: 'SavedSearches', schema: savedSearches },
    },
    async ({ caller: { principal } }) => {
      const searches = await ports.savedSearches.of(principalKey(principal))
      return tellJson({ searches: searches.map(viewOf) })
    },
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'post',
      path: '/searches',
      what: 'searches.create',
      summary: 'Save a search',
      description: `Keeps the filters of a search under a name, for yourself. ${MOST_SAVED_SEARCHES} are kept.`,
      body,
      answer: { name: 'SavedSearch', schema: savedSearch },
      problems: [409],
    },
    async ({ caller: { principal }, body: { name, query } }) => {
      const search = {
        id: newCallId(ports.random),
        name,
        query: plain(query),
        savedAt: ports.clock(),
      }
      const saved = await ports.savedSearches.save(principalKey(principal), search)
      return saved === 'saved'
        ? tellJson(viewOf(search))
        : refuse({ problem: 'too-many-searches', most: MOST_SAVED_SEARCHES })
    },
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'delete',
      path: '/searches/{id}',
      what: 'searches.delete',
      summary: 'Delete a saved search',
      description: 'One of yours.',
      params: one,
      body: nothing,
      answer: { name: 'Deleted', schema: nothing },
      problems: [404],
    },
    async ({ caller: { principal }, params: { id } }) =>
      (await ports.savedSearches.remove(principalKey(principal), id))
        ? tellJson({})
        : refuse({ problem: 'no-saved-search' }),
  )
}

function viewOf({ savedAt, ...search }: SavedSearch) {
  return { ...search, savedAt: new Date(savedAt).toISOString() }
}

function plain(query: string): string {
  return new URLSearchParams(query).toString()
}
