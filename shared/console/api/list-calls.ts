import type { z } from '@hono/zod-openapi'

import type { Result } from '../../kernel/result.ts'
import type { AuditPorts } from '../audit-ports.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import { facetsOf } from '../calls/facets-of.ts'
import { type FindPorts, findCalls, freshIndex } from '../calls/find.ts'
import { summaryOf } from '../calls/summary-of.ts'
import type { callFilter } from '../views/call-filter.ts'
import type { CallList } from '../views/call-view.ts'
import type { Answer, Asked } from './audit-route.ts'
import { filterOf } from './filter-of.ts'
import { NOT_VALID } from './page-token.ts'
import { readPaged } from './paged.ts'
import { tellJson } from './serve-route.ts'

const MOST_COUNTED = 1_000

type Query = z.infer<typeof callFilter> & {
  readonly pageToken?: string | undefined
  readonly pageSize: number
}

/** A page of calls, with facets over the newest of all that match. */
export async function listCalls(
  ports: AuditPorts & FindPorts,
  { caller: { principal }, query }: Asked<unknown, Query, unknown>,
): Promise<Result<Answer, AuditRefusal>> {
  const paged = readPaged(ports, principal, 'calls.list', query)
  if (!paged.ok) return paged
  const { as, filter, limit, before, tokenOf } = paged.value
  const indexedUpTo = await freshIndex(ports)
  const page = await findCalls(ports, filter, { ...as, limit, before })
  const counted = await findCalls(ports, filter, { ...as, limit: MOST_COUNTED })
  if (!page.ok || !counted.ok) return NOT_VALID
  const json: CallList = {
    calls: page.value.found.map(summaryOf),
    nextPageToken: tokenOf(page.value.before),
    facets: facetsOf(counted.value.found),
    counted: {
      calls: counted.value.found.length,
      isAll: counted.value.before === undefined,
    },
    indexedUpTo,
  }
  return tellJson(json, { filter: filterOf({ ...filter, only: as.only }) })
}
