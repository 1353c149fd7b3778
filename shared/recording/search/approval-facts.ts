import { standingOf } from '../../approval/standing.ts'
import { principalKey } from '../../identity/principal.ts'
import type { Entry } from '../entry.ts'
import type { CallDocument } from './search-document.ts'

/** How the grant of a call stands by its last event, and who voted yes; of entries in any order. */
export function approvalFacts(
  entries: readonly Entry[],
): Pick<CallDocument, 'approval' | 'approvers'> {
  const events = entries
    .filter((entry) => entry.type === 'approval')
    .toSorted((a, b) => a.number - b.number)
    .map(({ event }) => event)
  if (events.length === 0) return { approval: undefined, approvers: [] }
  const { state, votes } = standingOf({ events, told: { estimatedBytes: undefined } })
  const approvers = votes
    .filter(({ verdict }) => verdict === 'approve')
    .map(({ by }) => ({ key: principalKey(by), name: by.email ?? by.subject }))
  return { approval: state, approvers }
}
