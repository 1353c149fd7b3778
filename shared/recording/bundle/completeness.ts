import type { BatchesSeen } from './batches.ts'
import type { HeaderLine } from './bundle-line.ts'
import type { BundleReport, Problems } from './bundle-report.ts'
import { type Report, broken, instant, missing } from './problem.ts'

const HOUR_MS = 3_600_000

/** What speaks against a bundle of everything reaching to the end of the record. */
export function checkTail(report: Report, { size, made }: HeaderLine, { last }: BatchesSeen): void {
  if (size === 0) return
  if (last?.index !== size - 1)
    report(
      broken(
        'manifest-missing',
        { index: size - 1 },
        'the log does not end with the manifest of a batch',
      ),
    )
  if (last !== undefined && made - last.at > HOUR_MS)
    report(
      missing(
        'log-stopped',
        {},
        `the last batch was sealed at ${instant(last.at)}, more than an hour before the bundle was made: what came after it is not here`,
      ),
    )
}

/** Whether anything is missing, as far as the bundle can show. */
export function completenessOf(
  problems: Problems,
  seen: {
    readonly isEverything: boolean
    /** It is about a span of time, or about one session, and nothing else. */
    readonly isSpan: boolean
    readonly isSession: boolean
    readonly batches: BatchesSeen
    readonly sessions: {
      readonly compared: number
      readonly notCompared: number
      readonly notClosed: number
    }
  },
): BundleReport['completeness'] {
  if (problems.has('completeness')) return 'incomplete'
  // What is not genuine shows nothing.
  if (problems.has('integrity')) return 'not-checked'
  const { compared, notCompared, notClosed } = seen.sessions
  const isShown =
    seen.isEverything ||
    (seen.isSpan && seen.batches.batches > 1) ||
    (seen.isSession && compared > 0 && notCompared === 0 && notClosed === 0)
  return isShown ? 'complete' : 'not-checked'
}
