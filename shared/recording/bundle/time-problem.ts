import type { CheckedEntry } from './checked-line.ts'
import { type Problem, broken, entryAt, instant } from './problem.ts'

/** So far the clocks of writer and store agree. FORMAT.md §9. */
const SKEW_US = 120_000_000

/** What speaks against the time that an entry says it was written at. */
export function timeProblem(entry: CheckedEntry): Problem | undefined {
  const lag = entry.committed - entry.at * 1000
  if (lag < -SKEW_US) return untimely(entry, 'before the time it says it was written at')
  // What happened to a grant is written down with its own time, by whoever finds it unwritten.
  const isOfGrant =
    entry.facts.type === 'approval' ||
    (entry.facts.type === 'outcome' && entry.facts.outcome === 'not-run')
  return lag > SKEW_US && !isOfGrant
    ? untimely(entry, 'long after the time it says it was written at')
    : undefined
}

function untimely(entry: CheckedEntry, when: string): Problem {
  const { id, index } = entry
  const committed = instant(Math.floor(entry.committed / 1000))
  return broken(
    'time-wrong',
    { id, index },
    `${entryAt(entry)} says ${instant(entry.at)}, and became durable at ${committed}: ${when}`,
  )
}
