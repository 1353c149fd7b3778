import type { BundleScope } from './bundle-line.ts'
import type { Problem } from './problem.ts'

/** What a verifier has to say of a bundle. */
export interface BundleReport {
  /** Whether what is here is genuine. */
  readonly integrity: 'sound' | 'broken'
  /** Whether anything is missing; `not-checked` when the bundle cannot show that nothing is. */
  readonly completeness: 'complete' | 'incomplete' | 'not-checked'
  /** In the order of the bundle; the first one is the first bad entry. */
  readonly problems: readonly Problem[]
  /** How many more there are. */
  readonly furtherProblems: number
  readonly covered: Covered
  /** Sentences. */
  readonly unchecked: readonly string[]
  /** What the bundle says it is; nobody signs that. */
  readonly bundle: {
    readonly log: string
    readonly size: number
    readonly scope: BundleScope
    readonly made: number
  }
}

/** How much was looked at. */
export interface Covered {
  readonly lines: number
  readonly entries: number
  /** Leaves without their entry. */
  readonly leaves: number
  /** Entries that are in no tree yet. */
  readonly unsealed: number
  /** Private facts that were compared with what their entry commits to. */
  readonly privateFacts: number
  readonly calls: number
  readonly writers: number
  readonly batches: number
  readonly sessionsCounted: number
  readonly receipts: number
}

/** There is nothing to verify, or nothing to verify it with: words that say which. */
export interface NotVerifiable {
  readonly problem: 'not-a-bundle' | 'previous-unusable'
  readonly words: string
}

const MOST_PROBLEMS = 1_000

/** Problems as they come up, of which the first are kept. */
export interface Problems {
  readonly kept: readonly Problem[]
  readonly further: () => number
  readonly add: (problem: Problem) => void
  readonly has: (verdict: Problem['verdict']) => boolean
}

export function problemList(): Problems {
  const kept: Problem[] = []
  const verdicts = new Set<Problem['verdict']>()
  let further = 0
  return {
    kept,
    further: () => further,
    add(problem) {
      verdicts.add(problem.verdict)
      if (kept.length < MOST_PROBLEMS) kept.push(problem)
      else further += 1
    },
    has: (verdict) => verdicts.has(verdict),
  }
}
