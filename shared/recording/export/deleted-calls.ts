import type { KeptEntry } from '../entry-store.ts'
import { sessionOf } from '../entry.ts'
import type { FoundLeaf } from '../log/find-leaf.ts'
import { type Batches, leavesOf } from './batches.ts'
import type { ExportedTree } from './exported-tree.ts'
import { inGroups } from './in-groups.ts'
import { leafRange } from './leaf-range.ts'
import { lookUpAll } from './look-up.ts'

const AT_ONCE = 256

/** Sessions of which closings count more than is there. */
export interface SessionGaps {
  add(kept: KeptEntry): void
  /** Between which commit times something of them is gone, epoch microseconds; undefined when nothing is. */
  span(): { readonly from: number; readonly to: number } | undefined
}

export function sessionGaps(): SessionGaps {
  const times = new Map<string, number[]>()
  const closings: { session: string; from: number; to: number; count: number }[] = []
  return {
    add({ entry, committedAt }) {
      const session = sessionOf(entry)
      if (session === undefined) return
      const of = times.get(session) ?? []
      times.set(session, of)
      of.push(committedAt)
      if (entry.type === 'session-closed') closings.push(entry)
    },
    span() {
      const short = closings.flatMap(({ session, from, to, count }) => {
        const all = times.get(session) ?? []
        const counted = all.filter((at) => at >= from && at < to)
        // Nothing of a session is older than its first entry, which stays the longest.
        const first = all.reduce((a, b) => Math.min(a, b), Infinity)
        return counted.length < count ? [{ from: Math.max(from, first), to }] : []
      })
      if (short.length === 0) return undefined
      return {
        from: Math.min(...short.map(({ from }) => from)),
        to: Math.max(...short.map(({ to }) => to)),
      }
    },
  }
}

/**
 * Leaves of whole calls that became durable in a span of time and of which no entry is there, whosever they were: leaves
 * do not say. By ascending index.
 */
export async function deletedCalls(
  tree: ExportedTree,
  batches: Batches,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly FoundLeaf[]> {
  const lookUp = lookUpAll(tree.entries)
  const range = await leafRange(tree, batches, {
    from: Math.floor(from / 1000),
    to: Math.ceil(to / 1000),
  })
  const gone: FoundLeaf[] = []
  for await (const group of inGroups(leavesOf(tree, range), AT_ONCE)) {
    const wanted = group.filter(({ leaf }) => leaf.c >= from && leaf.c < to && CALL.test(leaf.i))
    const raws = await lookUp(wanted)
    gone.push(...wanted.filter((_, place) => raws[place] === undefined))
  }
  const ids = new Set(gone.map(({ leaf }) => leaf.i))
  return gone.filter(({ leaf: { i } }) => {
    const call = i.slice(0, i.indexOf('~'))
    return i.endsWith('~refusal') || (ids.has(`${call}~request`) && ids.has(`${call}~end`))
  })
}

const CALL = /^[a-z2-7]{26}~/
