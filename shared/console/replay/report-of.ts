import type { Decision } from '../../policy/decision.ts'
import type { EntryStore, KeptEntry } from '../../recording/entry-store.ts'
import type { ReplayedCall, ReplayedEntry } from '../../recording/upkeep-entry.ts'
import { callEntries } from '../calls/call-entries.ts'
import { timeOf } from '../calls/person-of.ts'
import type { ReplayReport } from '../views/replay-view.ts'

/** A replay as people read it, with what its entries say of each call: never a row. Rejects when the store cannot be read. */
export async function reportOf(
  entries: Pick<EntryStore, 'list'>,
  entry: ReplayedEntry,
): Promise<ReplayReport> {
  const calls: ReplayReport['calls'] = []
  // oxlint-disable-next-line no-await-in-loop -- at most a hundred, and no reason to ask for all at once
  for (const call of entry.calls) calls.push(await callOf(entries, call))
  return {
    replay: entry.id,
    at: timeOf(entry.at),
    of: entry.of.session,
    session: entry.session ?? '',
    connection: entry.connection,
    asOf: entry.asOf === undefined ? undefined : timeOf(entry.asOf),
    calls,
    verdict: entry.verdict,
  }
}

async function callOf(
  entries: Pick<EntryStore, 'list'>,
  call: ReplayedCall,
): Promise<ReplayReport['calls'][number]> {
  const then = await callEntries(entries, call.of)
  const now = call.call === undefined ? undefined : await callEntries(entries, call.call)
  const { schema, rows, digest, decision, state, reason } = call
  return {
    of: call.of,
    call: call.call,
    state,
    reason,
    decisionThen: words(then?.first.entry.decision) ?? 'not-known',
    decisionNow: words(now?.first.entry.decision),
    decision,
    schema,
    rows,
    rowsThen: then && rowsOf(then.all),
    rowsNow: now && state === 'run' ? rowsOf(now.all) : undefined,
    digest,
    strippedSql: then?.first.entry.strippedSql,
  }
}

function words(decision: Decision | undefined): string | undefined {
  return decision && `${decision.effect} by ${decision.rules.join(', ') || 'no rule'}`
}

function rowsOf(all: readonly KeptEntry[]): number {
  return all.reduce((rows, { entry }) => {
    const isDelivery = entry.type === 'outcome' || entry.type === 'page'
    return rows + (isDelivery ? (entry.delivery?.rows ?? 0) : 0)
  }, 0)
}
