import type { Decision } from '../../policy/decision.ts'
import type { Policy } from '../../policy/policy.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import { type Change, compareDecisions } from './compare-decisions.ts'
import { type RecordedCall, decideAgain } from './decide-again.ts'
import type { WhatIfPorts } from './what-if-ports.ts'
import type { NotCompared } from './why-not.ts'

/** A call, and what another policy makes of it. */
export interface ComparedCall {
  readonly call: CallDocument
  readonly change: Change
  readonly before: Decision
  readonly after: Decision
}

/** A call that was looked at, compared or not. */
export type LookedAt = ComparedCall | { readonly call: CallDocument; readonly why: NotCompared }

/** Compares what is on the record of a call with what the candidate says to it. Rejects as `decideAgain` does. */
export async function compareCall(
  ports: WhatIfPorts,
  policies: { readonly candidate: Policy; readonly inForce: Policy },
  call: CallDocument,
): Promise<LookedAt> {
  const kept = await recordedCall(ports, call.call)
  if (kept === undefined) return { call, why: 'gone' }
  const again = await decideAgain(ports, policies, kept)
  if (!again.ok) return { call, why: again.error }
  const { before, after } = again.value
  const change = compareDecisions(before, after)
  const isRead = kept.entry.method === 'tabledata.list' || kept.entry.method === 'tables.get'
  if (change === 'newly-masked' && isRead) return { call, why: 'unknown-columns' }
  return { call, change, before, after }
}

async function recordedCall(
  { entries }: Pick<WhatIfPorts, 'entries'>,
  call: string,
): Promise<RecordedCall | undefined> {
  for (const type of ['request', 'refusal']) {
    // oxlint-disable-next-line no-await-in-loop -- nearly always the first
    const kept = await entries.get(`${call}~${type}`)
    const entry = kept?.entry
    if (kept !== undefined && (entry?.type === 'request' || entry?.type === 'refusal'))
      return { ...kept, entry }
  }
  return undefined
}
