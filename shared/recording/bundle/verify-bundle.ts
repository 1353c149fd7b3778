import { type Result, err, ok } from '../../kernel/result.ts'
import { openCheckpoint } from '../../tlog/open-checkpoint.ts'
import type { TreeHead } from '../../tlog/verify-consistency.ts'
import { readHead } from './bundle-head.ts'
import { type BundleReport, type NotVerifiable, problemList } from './bundle-report.ts'
import { checkedBlocks } from './checked-blocks.ts'
import { checkpointOf, checkpointWords } from './checkpoint-of.ts'
import { endProblem } from './end-problem.ts'
import { findings } from './findings.ts'
import { framedLines } from './framed-lines.ts'
import type { Trust } from './trust.ts'

/** How to verify. */
export interface VerifyOptions {
  readonly trust: Trust
  /** The signed note of an earlier checkpoint of the log. */
  readonly previous?: Uint8Array | undefined
  /** Values of `Sluice-Receipt`. */
  readonly receipts?: readonly string[] | undefined
  /** Epoch milliseconds. */
  readonly now: number
  /**
   * Whether one signature is enough for a run of entries of a writer, in which each names the one before it by hash.
   * Several times as fast; a signature that was changed is then not noticed, an entry that was is.
   */
  readonly chained?: boolean | undefined
  /** How many threads there may be beside this one; 0 for none. */
  readonly threads: number
  /** Is told from time to time how far it is. */
  readonly onProgress?: ((lines: number) => void) | undefined
}

/**
 * Verifies a bundle by nothing but its bytes and what is trusted. FORMAT.md §9. Memory grows with what writers, calls
 * and sessions need, not with the bytes. Rejects when the bytes cannot be read.
 */
export async function verifyBundle(
  bytes: AsyncIterable<Uint8Array>,
  options: VerifyOptions,
): Promise<Result<BundleReport, NotVerifiable>> {
  const earlier = earlierOf(options)
  if (!earlier.ok) return earlier
  const lines = framedLines(bytes)
  const start: Buffer[] = []
  let step = await lines.next()
  while (step.done !== true) {
    start.push(...step.value)
    // oxlint-disable-next-line no-await-in-loop -- a stream
    if (start.length < 3) step = await lines.next()
    else break
  }
  const whole =
    step.done === true && step.value.last !== undefined ? [...start, step.value.last] : start
  const head = readHead(whole)
  if (!head.ok)
    return err({
      problem: 'not-a-bundle',
      words: 'this is no bundle of Sluice: its first line does not say `sluice-bundle/v1`',
    })
  const problems = problemList()
  const tree = checkpointOf(head.value, options.trust, problems.add)
  const { log, scope, size } = head.value.header
  const context = {
    log,
    size,
    isEverything: 'all' in scope,
    isChained: options.chained ?? false,
    root: tree?.root,
    authorities: options.trust.authorities,
  }
  const first = head.value.lines + 1
  const blocks = checkedBlocks(context, { first, threads: options.threads })
  const found = findings(problems, {
    head: head.value,
    tree,
    earlier: earlier.value,
    receipts: options.receipts ?? [],
    quorum: options.trust.quorum,
    now: options.now,
    onProgress: options.onProgress,
    know: (writer) => blocks.know(writer),
  })
  try {
    let some: readonly Buffer[] = start.slice(head.value.lines)
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one block after the other, in their order
      for await (const checked of blocks.add(some)) found.add(checked)
      if (step.done === true) break
      // oxlint-disable-next-line no-await-in-loop
      step = await lines.next()
      some = step.done === true ? [] : step.value
    }
    for await (const checked of blocks.rest()) found.add(checked)
  } finally {
    await blocks.close()
  }
  const end = endProblem(step.value)
  if (end !== undefined) problems.add(end)
  return ok(found.report(step.value.lines))
}

/** The tree at the earlier checkpoint that somebody kept, if they did. */
function earlierOf({
  previous,
  trust,
}: VerifyOptions): Result<TreeHead | undefined, NotVerifiable> {
  if (previous === undefined) return ok(undefined)
  const opened = openCheckpoint(previous, trust)
  return opened.ok
    ? ok({ size: opened.value.size, root: opened.value.root })
    : err({
        problem: 'previous-unusable',
        words: `the earlier checkpoint does not count: ${checkpointWords(opened.error)}`,
      })
}
