import type { Volumes } from './volumes.ts'

/** What Cloud Run bills: instances while they serve a request, by the memory that infra/terraform gives them. */
export interface RunAmounts {
  readonly seconds: number
  readonly gibSeconds: number
  readonly requests: number
}

const MONTH_HOURS = 730
/** How long a client of BigQuery leaves one request open. */
const POLL_SECONDS = 10
/** Calls on schedule, as long as they take when there is little to do, and on top of that for each query. */
const SCHEDULED = [
  { perHour: 60, seconds: 1, perQuery: 0.003, gib: 1 }, // sweeper
  { perHour: 60, seconds: 1, perQuery: 0.002, gib: 1 }, // log-publisher
  { perHour: 1, seconds: 5, perQuery: 0.001, gib: 0.5 }, // retainer
  { perHour: 1, seconds: 5, perQuery: 0.0005, gib: 1 }, // reconciler
] as const
/** What a vote takes in approval-notifier, slack, and approval-resolver, which waits until the job has started. */
const VOTE_SECONDS = 4
const VOTE_REQUESTS = 4

/** The amounts of a month, of which so many queries are held. One vCPU each; the gateway has 1 GiB. */
export function runAmounts(volumes: Volumes, held: number): RunAmounts {
  const { queries, seconds, atOnce, waitMinutes } = volumes
  const waiting = held * waitMinutes * 60
  const gateway = (queries * seconds + waiting) / atOnce
  const votes = held * VOTE_SECONDS
  const scheduled = SCHEDULED.map(({ perHour, perQuery, ...each }) => {
    const calls = perHour * MONTH_HOURS
    return { calls, time: calls * each.seconds + queries * perQuery, gib: each.gib }
  })
  return {
    seconds: gateway + votes + scheduled.reduce((sum, { time }) => sum + time, 0),
    gibSeconds: gateway + votes + scheduled.reduce((sum, { time, gib }) => sum + time * gib, 0),
    requests:
      queries +
      waiting / POLL_SECONDS +
      held * VOTE_REQUESTS +
      scheduled.reduce((sum, { calls }) => sum + calls, 0),
  }
}
