import { createOrFail } from '../create-or-fail.ts'
import type { Jobs } from '../job.ts'
import type { Journal } from '../recorder.ts'
import type { AlertEntry } from '../upkeep-entry.ts'
import type { CloudAuditLogs } from './cloud-audit-logs.ts'
import { type Compared, compareSpan } from './compare-span.ts'
import { alertEntry } from './finding.ts'
import type { JobHistory, TimeSpan } from './job-history.ts'
import type { ReconciledUpTo } from './reconciled-up-to.ts'
import { recordBetween } from './record-between.ts'

/** What reconciling asks of the world. */
export interface ReconcilePorts extends Journal {
  readonly jobs: Jobs
  readonly history: JobHistory
  /** Where somebody exports them: they know of other projects, and of reads without a job. */
  readonly cloudAuditLogs?: CloudAuditLogs | undefined
  readonly reconciledUpTo: ReconciledUpTo
}

/** What came of it. */
export interface Reconciliation extends Omit<Compared, 'findings'>, TimeSpan {
  /** Where it should have come to; later than `to` when there was not time enough: go on from there. */
  readonly until: number
  /** What does not fit, oldest finding first; `isNew` when it was not on the record yet. */
  readonly alerts: readonly { readonly entry: AlertEntry; readonly isNew: boolean }[]
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** What is compared at once. */
const STEP_MS = 6 * HOUR_MS
/** Compared again by the next: a job, or an end, may have come late. */
const OVERLAP_MS = HOUR_MS
/** Where nothing tells when the record began. */
const FIRST_MS = 24 * HOUR_MS

/**
 * Compares the record with what BigQuery says it ran: since the last time, or in the span that is `asked` for, as far
 * as BigQuery knows. Whatever does not fit is an alert on the record, once. Several at once do no harm. Rejects when
 * BigQuery or the store does not answer; what was found before is on the record.
 */
export async function reconcile(
  ports: ReconcilePorts,
  asked: Partial<TimeSpan> = {},
  /** No new step is begun after so long. */
  { forMs = 3 * MINUTE_MS }: { readonly forMs?: number } = {},
): Promise<Reconciliation> {
  const startedAt = ports.clock()
  const known = ports.history.known(startedAt)
  const until = Math.min(asked.to ?? Infinity, known.to)
  const begin = Math.max(asked.from ?? (await lastTime(ports, until)), known.from)
  const from = Math.min(begin, until)
  let done: Reconciliation = { ...NOTHING, from, to: from, until }
  while (done.to < until && (done.to === from || ports.clock() < startedAt + forMs)) {
    const span = { from: done.to, to: Math.min(done.to + STEP_MS, until) }
    // oxlint-disable-next-line no-await-in-loop -- each step from where the one before came to
    done = await step(ports, done, span, known)
    // oxlint-disable-next-line no-await-in-loop
    if (asked.from === undefined) await ports.reconciledUpTo.advance(done.to)
  }
  return done
}

const NOTHING = { jobs: 0, ownQuestions: 0, others: 0, calls: 0, alerts: [] }

async function step(
  ports: ReconcilePorts,
  before: Reconciliation,
  span: TimeSpan,
  known: TimeSpan,
): Promise<Reconciliation> {
  const record = await recordBetween(ports.entries, span)
  const compared = await compareSpan(ports, record, span, known)
  const alerts = [...before.alerts]
  for (const finding of compared.findings) {
    const entry = alertEntry(finding, ports.clock())
    if (alerts.some((alert) => alert.entry.id === entry.id)) continue
    // oxlint-disable-next-line no-await-in-loop -- few, let us hope
    alerts.push(await onRecord(ports, entry))
  }
  return {
    ...before,
    to: span.to,
    jobs: before.jobs + compared.jobs,
    ownQuestions: before.ownQuestions + compared.ownQuestions,
    others: before.others + compared.others,
    calls: before.calls + compared.calls,
    alerts,
  }
}

/** Looked for first: a number that a writer gives out in vain is a gap to explain. */
async function onRecord(
  ports: ReconcilePorts,
  alert: AlertEntry,
): Promise<Reconciliation['alerts'][number]> {
  const kept = await ports.entries.get(alert.id)
  if (kept?.entry.type === 'alert') return { entry: kept.entry, isNew: false }
  const { entry } = await createOrFail(ports, alert)
  return { entry: alert, isNew: entry.at === alert.at }
}

/** Where the last time ended; at first, where the record begins. */
async function lastTime(ports: ReconcilePorts, until: number): Promise<number> {
  const upTo = await ports.reconciledUpTo.read()
  if (upTo > 0) return Math.max(0, upTo - OVERLAP_MS)
  const [first] = await ports.entries.committed({ at: 0 }, 1)
  return first === undefined ? until - FIRST_MS : Math.floor(first.committedAt / 1000)
}
