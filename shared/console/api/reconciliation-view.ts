import { z } from '@hono/zod-openapi'

import type { Reconciliation } from '../../recording/reconcile/reconcile.ts'

const text = z.string()
const count = z.number()
/** RFC 3339, UTC. */
const time = z.iso.datetime()

/** What comparing the record with BigQuery's jobs came to. */
export const reconciliationView = z.object({
  from: time,
  /** How far it came. */
  to: time,
  /** Where it should have come to: go on from `to` when that is later. */
  until: time,
  /** Jobs of Sluice's accounts. */
  jobs: count,
  /** Calls that BigQuery must have run. */
  calls: count,
  /** Sluice's own questions about jobs. */
  ownQuestions: count,
  /** Jobs of others. */
  others: count,
  alerts: z.array(
    z.object({
      /** Of the entry. */
      id: text,
      alert: text,
      detail: text,
      call: text.optional(),
      job: z.object({ projectId: text, jobId: text, location: text.optional() }).optional(),
      account: text.optional(),
      /** When it was found first. */
      at: time,
      isNew: z.boolean(),
    }),
  ),
})

export type ReconciliationView = z.infer<typeof reconciliationView>

/** A reconciliation as the API shows it. */
export function viewOfReconciliation(done: Reconciliation): ReconciliationView {
  const { jobs, calls, ownQuestions, others } = done
  return {
    from: timeOf(done.from),
    to: timeOf(done.to),
    until: timeOf(done.until),
    jobs,
    calls,
    ownQuestions,
    others,
    alerts: done.alerts.map(({ entry, isNew }) => {
      const { id, alert, detail, call, job, account, at } = entry
      return { id, alert, detail, call, job: job && { ...job }, account, at: timeOf(at), isNew }
    }),
  }
}

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
