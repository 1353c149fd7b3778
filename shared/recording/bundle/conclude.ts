import type { TreeHead } from '../../tlog/verify-consistency.ts'
import type { BundleReport, Problems } from './bundle-report.ts'
import { consistencyProblem } from './checkpoint-of.ts'
import { checkTail, completenessOf } from './completeness.ts'
import type { Expected, Ledgers } from './findings.ts'
import { type Report, broken } from './problem.ts'
import type { WholeTree } from './tree.ts'
import { uncheckedWords } from './unchecked-words.ts'

const SKEW_US = 120_000_000

/** What is to be said once all lines were seen. */
export function conclude(
  ledgers: Ledgers,
  problems: Problems,
  expected: Expected,
  lines: number,
): BundleReport {
  const { isEverything, scope: inScope, tree, counts } = ledgers
  const { header } = expected.head
  const { scope, size, log, made } = header
  const report = problems.add
  ledgers.placing.finish()
  ledgers.signatures.finish()
  ledgers.chains.finish(isEverything)
  inScope.finish()
  const batches = ledgers.batches.finish()
  if (tree !== undefined && expected.tree !== undefined) checkRoot(report, tree, expected.tree)
  checkGrowth(report, expected, counts.earlierRoot)
  if (counts.newest > made * 1000 + SKEW_US)
    report(broken('made-wrong', {}, 'the bundle says that it is older than entries that are in it'))
  if (!header.private && counts.privateFacts > 0)
    report(broken('private-out-of-place', {}, 'the bundle says that it has no private facts'))
  const { isCut } = inScope
  const calls = ledgers.calls.finish({
    leaveOf: ledgers.leaves.leaveOf,
    isCut,
    madeAt: Math.min(made, expected.now) * 1000,
  })
  const grants = ledgers.leaves.finish(isCut)
  const deletions = ledgers.deletions.finish(isEverything)
  const sessions = ledgers.sessions.finish({
    holds: inScope.holds,
    hasDeleted: counts.leaves > 0,
  })
  const receipts = ledgers.receipts.finish({
    log,
    writer: ledgers.signatures.writer,
    scope: 'all' in scope ? undefined : scope,
    made,
  })
  if (tree?.size() === size) checkTail(report, header, batches)
  const writers = ledgers.chains.count()
  const { entries, leaves, unsealed, privateFacts, privateParts } = counts
  return {
    integrity: problems.has('integrity') ? 'broken' : 'sound',
    completeness: completenessOf(problems, {
      isEverything,
      isSpan: inScope.isSpan,
      isSession: 'session' in scope && scope.session !== undefined && !isCut,
      batches,
      sessions,
    }),
    problems: problems.kept,
    furtherProblems: problems.further(),
    covered: {
      lines,
      entries,
      leaves,
      unsealed,
      privateFacts,
      calls: calls.calls,
      writers: writers.all,
      batches: batches.batches,
      sessionsCounted: sessions.compared,
      receipts: receipts.answered,
    },
    unchecked: uncheckedWords({
      isEverything,
      isSpan: inScope.isSpan,
      hasEarlier: expected.earlier !== undefined,
      quorum: expected.quorum,
      calls,
      grants,
      batches,
      openWriters: writers.open,
      unsealed,
      vouched: counts.vouched,
      privateLeft: privateParts - privateFacts,
      sessions,
      deletions,
      receipts,
    }),
    bundle: { log, size, scope, made },
  }
}

/** All leaves together are the tree that the checkpoint is of. */
function checkRoot(report: Report, tree: WholeTree, { size, root }: TreeHead): void {
  const computed = tree.root()
  if (computed === undefined || tree.size() !== size)
    report(
      broken(
        'root-unproved',
        {},
        'the root of the checkpoint cannot be computed, as not every leaf is here: nothing proves that the others are in the log',
      ),
    )
  else if (Buffer.compare(computed, root) !== 0)
    report(
      broken(
        'root-differs',
        {},
        'the leaves that are here do not lead to the root of the checkpoint: at least one of them was changed',
      ),
    )
}

function checkGrowth(
  report: Report,
  { tree, earlier, head }: Expected,
  computed: Uint8Array | undefined,
): void {
  if (tree === undefined || earlier === undefined) return
  const problem = consistencyProblem(earlier, tree, head, computed)
  if (problem !== undefined) report(broken(problem.kind, {}, problem.words))
}
