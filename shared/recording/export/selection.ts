import type { PartialScope } from '../bundle/bundle-line.ts'
import type { RawEntry } from '../entry-store.ts'
import type { FoundLeaf } from '../log/find-leaf.ts'
import { type Batches, leavesOf } from './batches.ts'
import { deletedCalls, sessionGaps } from './deleted-calls.ts'
import type { ExportRequest } from './export-ports.ts'
import type { ExportedTree } from './exported-tree.ts'
import { leafRange } from './leaf-range.ts'
import { listed } from './listed.ts'
import { type LookUp, lookUpAll, lookUpSome } from './look-up.ts'
import { placesOf } from './places-of.ts'
import { unsealedNow } from './unsealed-now.ts'

/** What an export is about. Both can be read more than once. */
export interface Selection {
  /** By ascending index. */
  sealed(): AsyncIterable<FoundLeaf>
  /** What is durable and not in the tree yet, in the order of commit time. */
  unsealed(): AsyncIterable<RawEntry>
  readonly lookUp: LookUp
}

/** What is in the scope. Memory grows with what sessions, principals and calls have, not with spans of time. */
export async function select(
  tree: ExportedTree,
  batches: Batches,
  scope: ExportRequest['scope'],
): Promise<Selection> {
  if ('all' in scope)
    return {
      sealed: () => leavesOf(tree, { from: 0, to: tree.size }),
      unsealed: () => unsealedNow(tree, batches),
      lookUp: lookUpAll(tree.entries),
    }
  const { session, principal, call } = scope
  const isSpan = session === undefined && principal === undefined && call === undefined
  return isSpan ? spanOf(tree, batches, scope) : selectListed(tree, batches, scope)
}

/** Whether something of this commit time, epoch microseconds, is in the span of a scope. */
function isInSpan({ from = -Infinity, to = Infinity }: PartialScope, at: number): boolean {
  return at >= from * 1000 && at < to * 1000
}

function spanOf(tree: ExportedTree, batches: Batches, scope: PartialScope): Selection {
  return {
    async *sealed() {
      for await (const found of leavesOf(tree, await leafRange(tree, batches, scope)))
        if (isInSpan(scope, found.leaf.c)) yield found
    },
    async *unsealed() {
      for await (const raw of unsealedNow(tree, batches))
        if (isInSpan(scope, raw.committedAt)) yield raw
    },
    lookUp: lookUpAll(tree.entries),
  }
}

async function selectListed(
  tree: ExportedTree,
  batches: Batches,
  scope: PartialScope,
): Promise<Selection> {
  const wanted = new Map<string, number>()
  const gaps = sessionGaps()
  for await (const kept of listed(tree, batches, scope)) {
    if (!isInSpan(scope, kept.committedAt)) continue
    wanted.set(kept.entry.id, kept.committedAt)
    gaps.add(kept)
  }
  const gone = gaps.span()
  const found: FoundLeaf[] =
    gone === undefined ? [] : [...(await deletedCalls(tree, batches, gone))]
  for await (const each of placesOf(tree, batches, wanted)) {
    found.push(each)
    wanted.delete(each.leaf.i)
  }
  found.sort((a, b) => a.index - b.index)
  return {
    async *sealed() {
      yield* found
    },
    async *unsealed() {
      for await (const raw of unsealedNow(tree, batches)) if (wanted.has(raw.id)) yield raw
    },
    lookUp: lookUpSome(tree.entries),
  }
}
