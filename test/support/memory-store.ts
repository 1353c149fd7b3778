import { decodeEntry } from '../../shared/adapters/decode-entry.ts'
import { isKeepable } from '../../shared/adapters/entry-payload.ts'
import { isSame } from '../../shared/adapters/is-same.ts'
import { listCursor, parseListCursor } from '../../shared/adapters/list-cursor.ts'
import { canonicalJson } from '../../shared/kernel/canonical-json.ts'
import { ok } from '../../shared/kernel/result.ts'
import type {
  EntryStore,
  KeptEntry,
  RawEntry,
  StoredEntry,
} from '../../shared/recording/entry-store.ts'
import { type Entry, sessionOf } from '../../shared/recording/entry.ts'
import type { JobRecord, Jobs } from '../../shared/recording/job.ts'
import { privateFacts } from './record-parts.ts'

type Operation = keyof EntryStore | `jobs.${keyof Jobs}`

/** Which calls fail. */
interface Fault {
  /** Default `create`. */
  readonly operation?: Operation
  /** Only entries of this type; default all. */
  readonly type?: Entry['type']
  /** How often; default once. `recordRequest` tries three times, `Infinity` is an outage. */
  readonly times?: number
}

/** Keeps entries and jobs in memory under the same contract as the real stores, and fails on demand. */
export interface MemoryStore {
  readonly entries: EntryStore
  readonly jobs: Jobs
  /** The next matching calls reject: `before` they persist anything, or `after` they did. */
  failNext(when: 'before' | 'after', fault?: Fault): void
  /** Forgets all faults. */
  recover(): void
  /** How often each operation was called, failures included. */
  readonly calls: Readonly<Record<Operation, number>>
  /** Every durable entry, oldest first by arrival. */
  stored(): readonly KeptEntry[]
  /** `stored()` of one type, decoded, with what they keep in private. */
  ofType<T extends Entry['type']>(type: T): readonly Revealed<T>[]
}

type Revealed<T extends Entry['type']> = ReturnType<typeof privateFacts> &
  Extract<Entry, { type: T }>

function revealedEntries<T extends Entry['type']>(
  all: readonly KeptEntry[],
  type: T,
): readonly Revealed<T>[] {
  const isOfType = (entry: Entry): entry is Extract<Entry, { type: T }> => entry.type === type
  return all.flatMap((stored) =>
    isOfType(stored.entry) ? [{ ...privateFacts(stored), ...stored.entry }] : [],
  )
}

export function memoryStore(): MemoryStore {
  const entries = new Map<string, KeptEntry>()
  const jobs = new Map<string, JobRecord>()
  const links: { table: string; job: JobRecord }[] = []
  const calls: Record<Operation, number> = {
    create: 0,
    get: 0,
    list: 0,
    committed: 0,
    'jobs.claim': 0,
    'jobs.find': 0,
    'jobs.list': 0,
    'jobs.linkResultTable': 0,
    'jobs.findByResultTable': 0,
  }
  let faults: { when: 'before' | 'after'; fault: Fault; left: number }[] = []

  /** One call: counted, late by a tick as any store, and failed if somebody asked for that. */
  async function call<T>(operation: Operation, work: () => T, type?: Entry['type']): Promise<T> {
    calls[operation] += 1
    const fault = faults.find(
      (f) =>
        f.left > 0 &&
        (f.fault.operation ?? 'create') === operation &&
        (f.fault.type === undefined || f.fault.type === type),
    )
    if (fault !== undefined) fault.left -= 1
    await Promise.resolve()
    if (fault?.when === 'before') throw new Error(`${operation} failed before it persisted`)
    const result = work()
    await Promise.resolve()
    if (fault?.when === 'after') throw new Error(`${operation} failed after it persisted`)
    return result
  }

  return {
    entries: {
      create: (stored) => call('create', () => create(entries, stored), stored.entry.type),
      get: (id) => call('get', () => entries.get(id)),
      list: ({ call: id, session, limit, before, until = Infinity }) =>
        call('list', () => {
          const found = [...entries.values()].filter(
            ({ entry }) =>
              entry.at < until &&
              (id === undefined || entry.call === id) &&
              (session === undefined || sessionOf(entry) === session),
          )
          const scope = { call: id, session, until: String(until) }
          const page = pageOf(found, entryPosition, scope, limit, before)
          return page.ok ? ok({ entries: page.value.items, before: page.value.before }) : page
        }),
      committed: ({ at, after }, limit) =>
        call('committed', () =>
          [...entries.values()]
            .map(rawEntry)
            .filter(
              ({ committedAt, id }) =>
                committedAt > at || (committedAt === at && (after === undefined || id > after)),
            )
            .toSorted((a, b) => a.committedAt - b.committedAt || (a.id < b.id ? -1 : 1))
            .slice(0, limit),
        ),
    },
    jobs: {
      claim: (job) =>
        call('jobs.claim', () => {
          const existing = jobs.get(jobKey(job.projectId, job.jobId))
          if (existing !== undefined)
            return canonicalJson(existing) === canonicalJson(job) ? 'claimed' : { existing }
          jobs.set(jobKey(job.projectId, job.jobId), job)
          return 'claimed'
        }),
      find: (projectId, jobId) => call('jobs.find', () => jobs.get(jobKey(projectId, jobId))),
      list: ({ owner, projectId, limit, before }) =>
        call('jobs.list', () => {
          const found = [...jobs.values()].filter(
            (job) => job.owner === owner && job.projectId === projectId,
          )
          const page = pageOf(
            found,
            (job) => ({ at: job.at, id: job.jobId }),
            { owner, projectId },
            limit,
            before,
          )
          return page.ok ? ok({ jobs: page.value.items, before: page.value.before }) : page
        }),
      linkResultTable: (table, job) =>
        call('jobs.linkResultTable', () => {
          links.push({ table, job })
        }),
      findByResultTable: (table, owner) =>
        call(
          'jobs.findByResultTable',
          () =>
            links
              .filter((link) => link.table === table && link.job.owner === owner)
              .map((link) => link.job)
              .toSorted((a, b) => b.at - a.at || (a.jobId < b.jobId ? 1 : -1))[0],
        ),
    },
    failNext(when, fault = {}) {
      faults.push({ when, fault, left: fault.times ?? 1 })
    },
    recover() {
      faults = []
    },
    calls,
    stored: () => [...entries.values()],
    ofType<T extends Entry['type']>(type: T) {
      return revealedEntries([...entries.values()], type)
    },
  }
}

function create(entries: Map<string, KeptEntry>, stored: StoredEntry) {
  const existing = entries.get(stored.entry.id)
  if (existing !== undefined) return isSame(existing, stored) ? 'created' : { existing }
  if (!isKeepable(stored)) return 'too-large'
  const last = [...entries.values()].at(-1)?.committedAt ?? 0
  const committedAt = Math.max(Date.now() * 1000, last + 1)
  // What cannot be read back is a bug of who wrote it: better found here.
  const kept = decodeEntry(rawEntry({ ...stored, committedAt }))
  if (kept.hash !== stored.hash) throw new TypeError('not the hash of these bytes')
  entries.set(stored.entry.id, kept)
  return 'created'
}

function rawEntry({ entry, bytes, stamp, ciphertext, committedAt }: KeptEntry): RawEntry {
  const { signature } = stamp
  return {
    id: entry.id,
    committedAt,
    bytes,
    stamp: canonicalJson(stamp.stamp),
    signature,
    ciphertext,
  }
}

function pageOf<T>(
  items: readonly T[],
  position: (item: T) => { at: number; id: string },
  scope: Readonly<Record<string, string | undefined>>,
  limit: number,
  cursor: string | undefined,
) {
  const before = parseListCursor(scope, cursor)
  if (!before.ok) return before
  const end = before.value
  const sorted = items
    .map((item) => ({ item, ...position(item) }))
    .filter(({ at, id }) => end === undefined || at < end.at || (at === end.at && id < end.id))
    .toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  const page = sorted.slice(0, limit)
  const last = page.at(-1)
  return ok({
    items: page.map(({ item }) => item),
    before: sorted.length > limit && last !== undefined ? listCursor(scope, last) : undefined,
  })
}

const entryPosition = ({ entry }: StoredEntry) => ({ at: entry.at, id: entry.id })

const jobKey = (projectId: string, jobId: string) => `${projectId}\n${jobId}`
