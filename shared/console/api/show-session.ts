import type { Result } from '../../kernel/result.ts'
import { entryWords } from '../../recording/describe-entry.ts'
import { sessionDocument } from '../../recording/search/session-document.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import { callEntries } from '../calls/call-entries.ts'
import { documentOfCall } from '../calls/document-of-call.ts'
import { freshIndex } from '../calls/find.ts'
import { timeOf } from '../calls/person-of.ts'
import { sessionEntries } from '../calls/session-entries.ts'
import { sessionSummaryOf } from '../calls/session-summary-of.ts'
import { summaryOf } from '../calls/summary-of.ts'
import { entryVerifier } from '../calls/verify-entry.ts'
import { viewOfEntry } from '../calls/view-of-entry.ts'
import type { SessionView } from '../views/session-view.ts'
import type { Answer, Asked } from './audit-route.ts'
import { filterOf } from './filter-of.ts'
import { NOT_VALID } from './page-token.ts'
import { readPaged } from './paged.ts'
import { sees } from './reads-as.ts'
import { refuse, tellJson } from './serve-route.ts'
import type { SessionsPorts } from './sessions-routes.ts'

interface Page {
  readonly pageToken?: string | undefined
  readonly pageSize: number
}

/** A session, if there is one that the caller may know of. Rejects when store, index or log cannot be read. */
export async function showSession(
  ports: SessionsPorts,
  {
    caller: { principal },
    params: { session },
    query,
  }: Asked<{ readonly session: string }, Page, unknown>,
): Promise<Result<Answer, AuditRefusal>> {
  const paged = readPaged(ports, principal, 'sessions.get', { ...query, session })
  if (!paged.ok) return paged
  const { as, limit, before, tokenOf } = paged.value
  const opened = await ports.entries.get(`session~${session}~opened`)
  if (opened?.entry.type !== 'session-opened' || !sees(as, opened.entry.principal))
    return refuse({ problem: 'no-session' })
  const { own, calls } = await sessionEntries(ports.entries, session)
  const document = sessionDocument([opened.entry, ...own.map(({ entry }) => entry)])
  if (document === undefined) return refuse({ problem: 'no-session' })
  const start = before === undefined ? 0 : calls.indexOf(before)
  if (start < 0) return NOT_VALID
  await freshIndex(ports)
  const verify = await entryVerifier(ports)
  const json: SessionView = {
    summary: await sessionSummaryOf(ports, document),
    calls: await timelineOf(ports, calls.slice(start, start + limit)),
    nextPageToken: tokenOf(calls[start + limit]),
    entries: [],
  }
  // oxlint-disable-next-line no-await-in-loop -- one after the other: they share what is read of the log
  for (const kept of own) json.entries.push(await viewOfEntry(kept, verify))
  return tellJson(json, { filter: filterOf({ session, pageToken: query.pageToken }) })
}

async function timelineOf(
  ports: SessionsPorts,
  ids: readonly string[],
): Promise<SessionView['calls']> {
  const calls: SessionView['calls'] = []
  for (const id of ids) {
    // oxlint-disable-next-line no-await-in-loop -- a session is no reason to ask for a hundred things at once
    const found = await callEntries(ports.entries, id)
    if (found === undefined) continue
    calls.push({
      // oxlint-disable-next-line no-await-in-loop
      summary: summaryOf(await documentOfCall(ports, found)),
      steps: found.all.map(({ entry }) => ({
        entry: entry.id,
        type: entry.type,
        at: timeOf(entry.at),
        summary: entryWords(entry),
      })),
    })
  }
  return calls
}
