import type { GrantEvent } from '../../approval/grant.ts'
import type { EntryStore } from '../entry-store.ts'
import type { TimeSpan } from './job-history.ts'
import {
  type KnownEnd,
  type KnownRequest,
  LATEST_START_MS,
  knownEnd,
  knownRequest,
} from './known-call.ts'

/** Requests and ends on the record, by what BigQuery's jobs say of them. */
export interface RecordInSpan {
  /** Undefined when there is none, whenever it would have been. */
  requestOf(call: string): Promise<KnownRequest | undefined>
  endOf(call: string): Promise<KnownEnd | undefined>
  /** When the record first says that what needs leave may start; undefined when it does not. */
  leaveOf(call: string): Promise<number | undefined>
  /** Only of requests that were made in the span, or in the hours before. */
  labelled(label: string): KnownRequest | undefined
  /** The ends that were written in the span. */
  readonly ends: readonly KnownEnd[]
}

const PAGE = 500
/** On the record before BigQuery hears of the call. */
const LEAVE: readonly GrantEvent['type'][] = ['starting', 'broke-glass']
/** Between a request and its job, where nobody approves it. */
const BEFORE_MS = LATEST_START_MS + 10 * 60_000
/** Clocks differ. */
const AFTER_MS = 5 * 60_000

/** Reads what the record has of a span of time. Throws as the store does. */
export async function recordBetween(
  entries: EntryStore,
  { from, to }: TimeSpan,
): Promise<RecordInSpan> {
  const requests = new Map<string, KnownRequest>()
  const byLabel = new Map<string, KnownRequest>()
  const ends = new Map<string, KnownEnd>()
  const inSpan: KnownEnd[] = []
  for (let before: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const page = await entries.list({ limit: PAGE, until: to + AFTER_MS, before })
    if (!page.ok) throw new Error('a cursor that the store does not know')
    for (const { entry, hash } of page.value.entries) {
      if (entry.at < from - BEFORE_MS) continue
      if (entry.type === 'request') {
        const request = knownRequest(entry, hash)
        requests.set(entry.call, request)
        byLabel.set(request.label, request)
      }
      if (entry.type !== 'outcome') continue
      const end = knownEnd(entry)
      ends.set(entry.call, end)
      if (entry.at >= from && entry.at < to) inSpan.push(end)
    }
    const oldest = page.value.entries.at(-1)?.entry.at ?? -Infinity
    before = page.value.before
    if (before === undefined || oldest < from - BEFORE_MS) break
  }
  return {
    labelled: (label) => byLabel.get(label),
    ends: inSpan,
    requestOf: async (call) => {
      const known = requests.get(call)
      if (known !== undefined) return known
      const found = await entries.get(`${call}~request`)
      return found?.entry.type === 'request' ? knownRequest(found.entry, found.hash) : undefined
    },
    leaveOf: async (call) => {
      const page = await entries.list({ call, limit: PAGE })
      if (!page.ok) throw new Error('a cursor that the store does not know')
      const leave = page.value.entries.flatMap(({ entry }) =>
        entry.type === 'approval' && LEAVE.includes(entry.event.type) ? [entry.event.at] : [],
      )
      return leave.length === 0 ? undefined : Math.min(...leave)
    },
    endOf: async (call) => {
      const known = ends.get(call)
      if (known !== undefined) return known
      const found = await entries.get(`${call}~end`)
      return found?.entry.type === 'outcome' ? knownEnd(found.entry) : undefined
    },
  }
}
