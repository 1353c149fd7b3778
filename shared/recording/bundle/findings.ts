import type { TreeHead } from '../../tlog/verify-consistency.ts'
import { batches } from './batches.ts'
import type { BundleHead } from './bundle-head.ts'
import type { BundleReport, Problems } from './bundle-report.ts'
import { calls } from './calls.ts'
import { chains } from './chains.ts'
import type { CertifiedWriter, CheckedEntry, CheckedLine } from './checked-line.ts'
import { conclude } from './conclude.ts'
import { deletions } from './deletions.ts'
import { leavesGiven } from './leaves-given.ts'
import { placing } from './placing.ts'
import { receiptsKept } from './receipts-kept.ts'
import { scopeSeen } from './scope-seen.ts'
import { sessionCounts } from './session-counts.ts'
import { signatures } from './signatures.ts'
import { timeProblem } from './time-problem.ts'
import { wholeTree } from './tree.ts'

/** What the lines of a bundle say together. */
export interface Findings {
  /** In the order of the bundle. */
  add(lines: readonly CheckedLine[]): void
  /** Once all were added, of so many lines. */
  report(lines: number): BundleReport
}

/** What is known before the first entry. */
export interface Expected {
  readonly head: BundleHead
  /** What its checkpoint says; undefined when it cannot be read. */
  readonly tree: TreeHead | undefined
  /** The tree at an earlier checkpoint. */
  readonly earlier: TreeHead | undefined
  readonly receipts: readonly string[]
  /** Witnesses that have to cosign. */
  readonly quorum: number
  /** Epoch milliseconds. */
  readonly now: number
  /** Is told of every writer that is met. */
  readonly know: (writer: CertifiedWriter) => void
  readonly onProgress: ((lines: number) => void) | undefined
}

/** Everything that is remembered of lines. */
export type Ledgers = ReturnType<typeof openLedgers>

export function findings(problems: Problems, expected: Expected): Findings {
  const ledgers = openLedgers(problems, expected)
  const { counts, tree } = ledgers

  const addEntry = (entry: CheckedEntry): void => {
    if (entry.writer !== undefined) expected.know(entry.writer)
    ledgers.signatures.add(entry)
    ledgers.calls.add(entry)
    ledgers.leaves.add(entry)
    ledgers.sessions.add(entry)
    counts.newest = Math.max(counts.newest, entry.committed)
    counts.entries += 1
    if (entry.stamp.isVouched) counts.vouched += 1
    if (entry.hasPrivate) counts.privateParts += 1
    if (entry.index !== undefined) return
    counts.unsealed += 1
    const untimely = timeProblem(entry)
    if (untimely !== undefined) problems.add(untimely)
  }
  const add = (line: CheckedLine): void => {
    for (const problem of line.problems) problems.add(problem)
    ledgers.placing.add(line)
    if (line.is === 'private') counts.privateFacts += 1
    if (line.is === 'unreadable') tree?.add(undefined, undefined)
    if (line.is === 'private' || line.is === 'unreadable') return
    // A manifest is about the leaves before it.
    ledgers.batches.add(line)
    ledgers.chains.add(line)
    ledgers.deletions.add(line)
    ledgers.receipts.add(line)
    ledgers.scope.add(line)
    if (line.index !== undefined) tree?.add(line.index, line.leafHash)
    if (expected.earlier !== undefined && tree?.size() === expected.earlier.size)
      counts.earlierRoot ??= tree.root()
    if (line.is === 'entry') return addEntry(line)
    counts.leaves += 1
    ledgers.calls.addLeaf(line)
    ledgers.leaves.addLeaf(line)
  }
  return {
    add(lines) {
      for (const line of lines) add(line)
      expected.onProgress?.(lines.at(-1)?.line ?? 0)
    },
    report: (lines) => conclude(ledgers, problems, expected, lines),
  }
}

function openLedgers({ add: report }: Problems, { head, receipts }: Expected) {
  const { scope, size } = head.header
  const isEverything = 'all' in scope
  const tree = isEverything ? wholeTree() : undefined
  const inScope = scopeSeen(report, scope)
  const chain = chains(report)
  return {
    isEverything,
    tree,
    placing: placing(report, scope, size),
    scope: inScope,
    chains: chain,
    signatures: signatures(report),
    batches: batches(report, { tree, chains: chain, ...inScope }),
    calls: calls(report),
    leaves: leavesGiven(report, isEverything),
    sessions: sessionCounts(report),
    deletions: deletions(report),
    receipts: receiptsKept(report, receipts),
    counts: emptyCounts(),
  }
}

interface Counts {
  entries: number
  /** Whose signature was not verified by itself. */
  vouched: number
  leaves: number
  unsealed: number
  privateFacts: number
  /** Entries that have some. */
  privateParts: number
  /** The latest commit time, epoch microseconds. */
  newest: number
  /** Root at the size of the earlier checkpoint, where all leaves are here. */
  earlierRoot: Uint8Array | undefined
}

const emptyCounts = (): Counts => ({
  entries: 0,
  vouched: 0,
  leaves: 0,
  unsealed: 0,
  privateFacts: 0,
  privateParts: 0,
  newest: 0,
  earlierRoot: undefined,
})
