import type { BundleReport } from '../../recording/bundle/bundle-report.ts'
import type { VerdictView } from '../views/log-view.ts'
import type { Part } from './part-to-verify.ts'

const MOST_FINDINGS = 100

/** What a verifier said of a part of the record, as the API shows it. Times are epoch milliseconds. */
export function verdictOf(
  { integrity, completeness, problems, furtherProblems, covered, unchecked, bundle }: BundleReport,
  about: { readonly asked: Part; readonly part: Part; readonly durationMs: number },
): VerdictView {
  const { asked, part, durationMs } = about
  const { entries, leaves, unsealed } = covered
  return {
    asked: spanOf(asked),
    ...spanOf(part),
    isAll: part.from <= asked.from && part.to >= asked.to,
    integrity,
    completeness: completeness === 'not-checked' ? 'unknown' : completeness,
    entries,
    leaves,
    unsealed,
    treeSize: bundle.size,
    findings: problems.slice(0, MOST_FINDINGS).map(({ words }) => words),
    furtherFindings: Math.max(0, problems.length - MOST_FINDINGS) + furtherProblems,
    unchecked: [...unchecked],
    durationMs: Math.round(durationMs),
  }
}

function spanOf({ from, to }: Part) {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}
