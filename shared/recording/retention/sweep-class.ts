import { createHash } from 'node:crypto'

import { base32 } from '../../kernel/base32.ts'
import type { RetentionTerms } from '../../policy/record-terms.ts'
import { createOrFail } from '../create-or-fail.ts'
import type { KeptEntry } from '../entry-store.ts'
import type { Hold } from '../holds/holds.ts'
import { findLeaf } from '../log/find-leaf.ts'
import { parseLeaf } from '../log/parse-leaf.ts'
import { leavesBetween } from '../log/read-log.ts'
import type { RetentionDeletedEntry } from '../upkeep-entry.ts'
import type { RetentionPorts } from './apply-retention.ts'
import { dueArchives } from './due-archives.ts'
import { dueEntries } from './due-entries.ts'
import { removalsOf } from './removals-of.ts'
import { RECORD_CLASS, keepMsOf } from './retention-class.ts'

/** One class, from one leaf on. */
export interface ClassRun {
  readonly id: string
  readonly terms: RetentionTerms
  readonly holds: readonly Hold[]
  /** Whether these are the holds and terms still. */
  readonly isStill: () => Promise<boolean>
  readonly from: number
  readonly size: number
  /** Epoch milliseconds. */
  readonly stopAt: number
  /** Everything of the class before this leaf that may go is gone. */
  readonly reached: (index: number) => Promise<void>
}

const DAY_MS = 24 * 60 * 60_000
/** A result can be read again for a day after the call ended, and clocks differ. */
const AFTERWARDS_MS = 2 * DAY_MS
/** What others are verified with goes after them: also the certificate of a writer, which wrote for a day. */
const AFTER_OTHERS_MS = AFTERWARDS_MS + 2 * DAY_MS
/** Leaves whose place is remembered. Most calls end soon after they began. */
const REMEMBERED = 100_000
/** Entries that one entry says are deleted. */
const GROUP = 1_000

/** Goes on through the log as long as leaves are older than the class keeps. Rejects as `applyRetention` does. */
export async function sweepClass(ports: RetentionPorts, run: ClassRun): Promise<void> {
  const { id, terms, holds, from, size, stopAt } = run
  const afterwards = id === RECORD_CLASS ? AFTER_OTHERS_MS : AFTERWARDS_MS
  const before = ports.clock() - keepMsOf(id, terms) - afterwards
  const places = new Map<string, number>()
  const deciding = { entries: ports.entries, terms, holds }
  let group: Group = { calls: [], archives: [], count: 0 }
  let next = from
  for await (const { index, bytes } of leavesBetween(ports.objects, { from, to: size, size })) {
    const leaf = parseLeaf(bytes)
    if (leaf === undefined) throw new Error(`leaf ${index} of the log is none`)
    if (leaf.c / 1000 >= before || ports.clock() >= stopAt) break
    if (places.size >= REMEMBERED) places.clear()
    places.set(leaf.i, index)
    const call = await dueEntries(deciding, id, { leaf })
    const archives = await dueArchives(deciding, ports.objects, id, { leaf })
    group = {
      calls: call.length === 0 ? group.calls : [...group.calls, call],
      archives: [...group.archives, ...archives],
      count: group.count + call.length,
    }
    next = index + 1
    if (group.count + group.archives.length < GROUP) continue
    if (!(await removeGroup(ports, run, { ...group, before, places }))) return
    await run.reached(next)
    group = { calls: [], archives: [], count: 0 }
  }
  if (await removeGroup(ports, run, { ...group, before, places })) await run.reached(next)
}

interface Due extends Group {
  /** Epoch milliseconds. */
  readonly before: number
  /** Indices of leaves by the ids of their entries, as far as they are known. */
  readonly places: ReadonlyMap<string, number>
}

interface Group {
  /** Entries that go together, each list in the order in which they are removed. */
  readonly calls: readonly (readonly KeptEntry[])[]
  readonly archives: readonly string[]
  readonly count: number
}

/** Whether what goes is gone: not when somebody set a hold meanwhile. */
async function removeGroup(ports: RetentionPorts, run: ClassRun, due: Due): Promise<boolean> {
  const { calls, archives } = due
  if (calls.length === 0 && archives.length === 0) return true
  if (!(await run.isStill())) return false
  const entries = calls.flat()
  if (entries.length > 0) await createOrFail(ports, await entryOf(ports, run, due, entries))
  for (const ids of removalsOf(calls))
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await ports.remove(ids)
  for (const path of archives)
    // oxlint-disable-next-line no-await-in-loop
    await ports.objects.remove(path)
  return true
}

async function entryOf(
  ports: RetentionPorts,
  { id, size }: ClassRun,
  { before, places }: Due,
  entries: readonly KeptEntry[],
): Promise<RetentionDeletedEntry> {
  const log = { objects: ports.objects, entries: ports.entries, size }
  const indices: number[] = []
  for (const { entry, committedAt } of entries) {
    const index =
      // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody is in a hurry
      places.get(entry.id) ?? (await findLeaf(log, { id: entry.id, committedAt }))?.index
    if (index === undefined) throw new Error(`not sealed, so not deleted: \`${entry.id}\``)
    indices.push(index)
  }
  const ids = entries.map(({ entry }) => entry.id).toSorted()
  const digest = createHash('sha256')
    .update(`${id}\n${ids.join('\n')}`)
    .digest()
  return {
    v: 1,
    type: 'retention-deleted',
    // The same for the same entries: whoever died before they were gone says nothing twice.
    id: `retention~${base32(digest.subarray(0, 16))}`,
    at: ports.clock(),
    class: id,
    before,
    from: Math.min(...indices),
    to: Math.max(...indices),
    count: entries.length,
  }
}
