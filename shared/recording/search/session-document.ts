import type { Entry } from '../entry.ts'
import type { SessionDocument } from './search-document.ts'

/** A session by its opening and its closings; undefined without the opening. */
export function sessionDocument(entries: readonly Entry[]): SessionDocument | undefined {
  const opened = entries.find((entry) => entry.type === 'session-opened')
  if (opened === undefined) return undefined
  const [last] = entries
    .filter((entry) => entry.type === 'session-closed')
    .toSorted((a, b) => b.number - a.number)
  return {
    kind: 'session',
    id: `session~${opened.session.id}`,
    at: opened.at,
    principal: opened.principal,
    session: opened.session,
    closedAt: last?.at,
  }
}
