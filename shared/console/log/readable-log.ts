import type { Clock } from '../../kernel/clock.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { Trust } from '../../recording/bundle/trust.ts'
import type { EntryStore } from '../../recording/entry-store.ts'
import { type Batches, batchesOf } from '../../recording/export/batches.ts'
import { type ExportedTree, exportedTree } from '../../recording/export/exported-tree.ts'
import { unsealedNow } from '../../recording/export/unsealed-now.ts'
import type { ReadObjects } from '../../recording/log/read-log.ts'
import type { SealedBatchEntry } from '../../recording/upkeep-entry.ts'
import { type VerifiedCheckpoint, openCheckpoint } from '../../tlog/open-checkpoint.ts'

/** A log as it is published, and whose signatures count for it. */
export interface ReadableLog {
  readonly objects: ReadObjects
  /** By the policy in force. Rejects when keys cannot be had. */
  readonly trust: () => Promise<Trust>
}

/** Where a log is read, and what is durable and not in it yet. */
export interface LogPorts {
  readonly entries: Pick<EntryStore, 'get' | 'list' | 'committed'>
  readonly clock: Clock
  /** Undefined where the environment names no place for it. */
  readonly log: ReadableLog | undefined
}

/** Entries that are durable and not sealed, counted no further than 1,000. */
export interface Unsealed {
  readonly count: number
  /** Epoch milliseconds, by the store's clock; undefined of none. */
  readonly oldestAt: number | undefined
}

/** The log as it was read. Its checkpoint is an error unless its log has signed it. */
export interface LogSeen {
  readonly note: string
  readonly size: number
  readonly trust: Trust
  readonly checkpoint: Result<VerifiedCheckpoint, string>
  /** Newest first. */
  readonly batches: readonly SealedBatchEntry[]
  readonly unsealed: Unsealed
}

/** A log in which nothing is sealed yet. */
export interface EmptyLog {
  readonly trust: Trust
  readonly unsealed: Unsealed
}

const MOST_UNSEALED = 1_000

/**
 * Reads the log as it is published, with at most so many of its newest batches. Rejects when log, store or keys cannot be
 * read, and when what is published is no log.
 */
export async function readLog(
  { entries }: Pick<LogPorts, 'entries'>,
  log: ReadableLog,
  mostBatches: number,
): Promise<LogSeen | EmptyLog> {
  const trust = await log.trust()
  const tree = await exportedTree({ entries, objects: log.objects })
  if (tree === undefined) {
    const first = await entries.committed({ at: 0 }, MOST_UNSEALED)
    return { trust, unsealed: unsealedOf(first) }
  }
  const batches = await batchesOf(tree)
  const opened = openCheckpoint(Buffer.from(tree.note), trust)
  return {
    note: tree.note,
    size: tree.size,
    trust,
    checkpoint: opened.ok ? ok(opened.value) : err(opened.error.problem),
    batches: await newest(batches, mostBatches),
    unsealed: unsealedOf(await someUnsealed(tree, batches)),
  }
}

async function newest(batches: Batches, most: number): Promise<readonly SealedBatchEntry[]> {
  const last = batches.newest.batch
  const numbers = Array.from({ length: Math.min(most, last + 1) }, (_, i) => last - i)
  return Promise.all(numbers.map((number) => batches.manifest(number)))
}

async function someUnsealed(tree: ExportedTree, batches: Batches) {
  const found: { readonly committedAt: number }[] = []
  for await (const raw of unsealedNow(tree, batches)) {
    found.push(raw)
    if (found.length >= MOST_UNSEALED) break
  }
  return found
}

/** In the order of commit time. */
function unsealedOf(found: readonly { readonly committedAt: number }[]): Unsealed {
  const [oldest] = found
  return { count: found.length, oldestAt: oldest && Math.floor(oldest.committedAt / 1000) }
}
