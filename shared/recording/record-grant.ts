import type { Grant } from '../approval/grant.ts'
import { standingOf } from '../approval/standing.ts'
import { type Brand, mint } from '../kernel/brand.ts'
import { type Result, ok } from '../kernel/result.ts'
import type { ApprovalEntry, OutcomeEntry } from './entry.ts'
import { type Recorder, type RecordingProblem, createDurably } from './recorder.ts'

/** A grant of which everything that happened is on the record: the only kind anybody acts on. */
export type RecordedGrant = Brand<Grant, 'RecordedGrant'>

/** How many events of a grant this instance knows to be on the record, by the grant's id. */
export interface KnownRecorded {
  get(id: string): number | undefined
  set(id: string, events: number): unknown
}

/**
 * Makes every event of a grant durable, and the end of its call when it is over without having run. What
 * is written follows from the grant alone, so whoever comes second writes the same.
 */
export async function recordGrant(
  recorder: Recorder,
  grant: Grant,
  known: KnownRecorded,
): Promise<Result<RecordedGrant, RecordingProblem>> {
  const from = known.get(grant.id) ?? 0
  for (let number = from; number < grant.events.length; number++) {
    const entry = entryOf(grant, number)
    if (entry === undefined) continue
    // oxlint-disable-next-line no-await-in-loop -- in their order: a store that fails leaves a beginning
    const created = await createDurably(recorder, entry)
    if (!created.ok) return created
  }
  const end = endOf(grant)
  if (end !== undefined && from < grant.events.length) {
    const created = await createDurably(recorder, end)
    if (!created.ok) return created
  }
  known.set(grant.id, grant.events.length)
  return ok(mint<RecordedGrant>(grant))
}

function entryOf(grant: Grant, number: number): ApprovalEntry | undefined {
  const event = grant.events[number]
  return (
    event && {
      ...envelope(grant, event.at),
      type: 'approval',
      id: `${grant.call}~approval~${number}`,
      grant: grant.id,
      digest: grant.digest,
      number,
      event,
    }
  )
}

/** What nobody ran has ended; of what was started, whoever fetches it or sweeps up says how. */
function endOf(grant: Grant): OutcomeEntry | undefined {
  const { neverRan, brokeGlass } = standingOf(grant)
  // Who breaks the glass waits for no start: the call ends as any other.
  if (neverRan === undefined || brokeGlass !== undefined) return undefined
  return {
    ...envelope(grant, neverRan.at),
    type: 'outcome',
    id: `${grant.call}~end`,
    outcome: 'not-run',
    detail: neverRan.type,
    delivery: undefined,
    private: undefined,
    credentialVersion: undefined,
    durationMs: Math.max(0, neverRan.at - grant.requestedAt),
  }
}

function envelope(grant: Grant, at: number) {
  const { call, requestEntry, request } = grant
  return { v: 1, call, at, request: requestEntry, session: request.session } as const
}
