import type { TreeHead } from '../../tlog/verify-consistency.ts'
import { batches } from './batches.ts'
import type { BundleHead } from './bundle-head.ts'
import type { BundleReport, Problems } from './bundle-report.ts'
import { calls } from './calls.ts'
import { chains } from './chains.ts'
import type { CertifiedWriter, CheckedLine } from './checked-line.ts'
import { consistencyProblem } from './checkpoint-of.ts'
import { checkTail, completenessOf } from './completeness.ts'
import { deletions } from './deletions.ts'
import { leavesGiven } from './leaves-given.ts'
import { placing } from './placing.ts'
import { broken } from './problem.ts'
import { receiptsKept } from './receipts-kept.ts'
import { scopeSeen } from './scope-seen.ts'
import { sessionCounts } from './session-counts.ts'
import { signatures } from './signatures.ts'
import { timeProblem } from './time-problem.ts'
import { wholeTree } from './tree.ts'
import { uncheckedWords } from './unchecked-words.ts'

/** What the lines of a bundle say together. */
export interface Findings {
  /** In the order of the bundle. */
  add(lines: readonly CheckedLine[]): void
  /** Once all were added. */
  report(lines: number): BundleReport
}

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

export function findings(problems: Problems, expected: Expected): Findings {
  const { header } = expected.head
  const { scope, size, log } = header
  const isEverything = 'all' in scope
  const report = problems.add
  const tree = isEverything ? wholeTree() : undefined
  const place = placing(report, scope, size)
  const signed = signatures(report)
  const chain = chains(report)
  const seen = scopeSeen(report, scope)
  const batch = batches(report, { tree, chains: chain, holds: seen.holds })
  const call = calls(report)
  const leave = leavesGiven(report, isEverything)
  const session = sessionCounts(report)
  const deleted = deletions(report)
  const receipt = receiptsKept(report, expected.receipts)
  const counts = { entries: 0, leaves: 0, unsealed: 0, privateFacts: 0, privateParts: 0 }
  let earlierRoot: Uint8Array | undefined
  let newest = 0

  const add = (line: CheckedLine): void => {
    for (const problem of line.problems) report(problem)
    place.add(line)
    if (line.is === 'private') {
      counts.privateFacts += 1
      return
    }
    if (line.is === 'unreadable') {
      tree?.add(undefined, undefined)
      return
    }
    for (const ledger of [batch, chain, deleted, receipt, seen]) ledger.add(line)
    if (line.index !== undefined) tree?.add(line.index, line.leafHash)
    if (tree?.size() === expected.earlier?.size) earlierRoot ??= tree?.root()
    if (line.is === 'leaf') {
      counts.leaves += 1
      call.addLeaf(line)
      leave.addLeaf(line)
      return
    }
    if (line.writer !== undefined) expected.know(line.writer)
    for (const ledger of [signed, call, leave, session]) ledger.add(line)
    newest = Math.max(newest, line.committed)
    counts.entries += 1
    if (line.hasPrivate) counts.privateParts += 1
    if (line.index !== undefined) return
    counts.unsealed += 1
    const untimely = timeProblem(line)
    if (untimely !== undefined) report(untimely)
  }
  return {
    add(lines) {
      for (const line of lines) add(line)
      expected.onProgress?.(lines.at(-1)?.line ?? 0)
    },
    report(lines) {
      place.finish()
      signed.finish()
      chain.finish(isEverything)
      seen.finish()
      const sealed = batch.finish()
      const root = tree?.root()
      if (
        root !== undefined &&
        expected.tree !== undefined &&
        Buffer.compare(root, expected.tree.root) !== 0
      )
        report(
          broken(
            'root-differs',
            {},
            'the leaves that are here do not lead to the root of the checkpoint: at least one of them was changed',
          ),
        )
      if (expected.tree !== undefined && expected.earlier !== undefined) {
        const grown = consistencyProblem(
          expected.earlier,
          expected.tree,
          expected.head,
          earlierRoot,
        )
        if (grown !== undefined) report(broken(grown.kind, {}, grown.words))
      }
      if (newest > header.made * 1000 + 120_000_000)
        report(
          broken(
            'made-wrong',
            {},
            'the bundle says that it was made before entries that are in it',
          ),
        )
      if (!header.private && counts.privateFacts > 0)
        report(
          broken(
            'private-out-of-place',
            {},
            'the bundle says that it has no private facts, and has some',
          ),
        )
      const madeAt = Math.min(header.made, expected.now) * 1000
      const isCut = seen.isCut
      const called = call.finish({ leaveOf: leave.leaveOf, isCut, madeAt })
      const grants = leave.finish(isCut)
      const notDeleted = deleted.finish(isEverything)
      const counted = session.finish({ holds: seen.holds, hasDeleted: counts.leaves > 0 })
      const kept = receipt.finish({
        log,
        writer: signed.writer,
        scope: isEverything ? undefined : scope,
        made: header.made,
      })
      if (isEverything) checkTail(report, header, sealed)
      const writers = chain.count()
      return {
        integrity: problems.has('integrity') ? 'broken' : 'sound',
        completeness: completenessOf(problems, {
          isEverything,
          isSpan: seen.isSpan,
          isSession: 'session' in scope && scope.session !== undefined && !isCut,
          batches: sealed,
          sessions: counted,
        }),
        problems: problems.kept,
        furtherProblems: problems.further(),
        covered: {
          lines,
          entries: counts.entries,
          leaves: counts.leaves,
          unsealed: counts.unsealed,
          privateFacts: counts.privateFacts,
          calls: called.calls,
          writers: writers.all,
          batches: sealed.batches,
          sessionsCounted: counted.compared,
          receipts: kept.answered,
        },
        unchecked: uncheckedWords({
          isEverything,
          hasEarlier: expected.earlier !== undefined,
          quorum: expected.quorum,
          calls: called,
          grants,
          batches: sealed,
          openWriters: writers.open,
          unsealed: counts.unsealed,
          privateLeft: counts.privateParts - counts.privateFacts,
          sessions: counted,
          deletions: notDeleted,
          receipts: kept,
        }),
        bundle: { log, size, scope, made: header.made },
      }
    },
  }
}
