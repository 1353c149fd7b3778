import type { NewestCalls } from '../overview/newest-calls.ts'
import type { LogHealth } from '../views/overview-view.ts'
import type { Sample } from './sample-sessions.ts'

/** What a report does not show, in sentences: what holds of every one, and what holds of this one. */
export function limitsOf({
  sample,
  capped,
  lookedAt,
  health,
}: {
  readonly sample: Sample
  readonly capped: readonly string[]
  readonly lookedAt: NewestCalls
  readonly health: LogHealth
}): string[] {
  return [
    'This report is made from the record by the system that keeps it. Whoever wants to rely on neither exports the period as a bundle and verifies it with `sluice verify`.',
    'Counts come from an index over the record, which proves nothing; the proofs of the sample come from the log.',
    'Queries that reached BigQuery without Sluice are not in it, unless a reconciliation found them: those are the alerts.',
    ...(sample.isAll
      ? []
      : [`The sample was chosen out of the newest ${sample.seen} sessions: there were more.`]),
    ...(capped.length === 0
      ? []
      : [`Counting ended before there were no more of: ${capped.join(', ')}.`]),
    ...(lookedAt.isAll
      ? []
      : [`Masked columns were counted over the newest ${lookedAt.calls.length} calls only.`]),
    ...(health.state === 'healthy'
      ? []
      : [`The log is not healthy: ${health.problems.join('; ')}.`]),
  ]
}
