import { randomBytes } from 'node:crypto'

import type { ExchangeOptions } from '../shared/adapters/bigquery/exchange.ts'
import { bigQueryJobHistory } from '../shared/adapters/bigquery/job-history.ts'
import { BigQueryUnavailable } from '../shared/adapters/bigquery/own-questions.ts'
import type { TableReference } from '../shared/bigquery/reference.ts'
import type { Connection } from '../shared/policy/policy.ts'
import type { TimeSpan } from '../shared/recording/reconcile/job-history.ts'
import { type Reconciliation, reconcile } from '../shared/recording/reconcile/reconcile.ts'
import type { Journal } from '../shared/recording/recorder.ts'
import { log } from './log.ts'
import type { Store } from './open-store.ts'

/** Compares the record with BigQuery's jobs. */
export interface Reconciling {
  /** Since the last time, or in the span that is asked for. Rejects as `reconcile` does. */
  readonly reconcile: (asked?: Partial<TimeSpan>) => Promise<Reconciliation>
}

export interface ReconcilingParts {
  readonly journal: Journal & { readonly digestKey: Uint8Array }
  readonly store: Pick<Store, 'jobs' | 'reconciledUpTo'>
  /** `Settings.cloudAuditLogs` */
  readonly cloudAuditLogs?: TableReference | undefined
  /** Of a BigQuery that is not Google's: since when it knows its jobs, and how late one appears. */
  readonly jobsKnown?: { readonly since: number; readonly lagMs: number } | undefined
}

/** `Reconciling` under the connections of a policy. The log hears of each alert when it is new. */
export function reconcilingOf(
  connections: readonly Connection[],
  exchange: Omit<ExchangeOptions, 'connections'>,
  { journal, store, jobsKnown, cloudAuditLogs: table }: ReconcilingParts,
): Reconciling & { readonly close: () => Promise<void> } {
  const reader = connections.find(({ projects }) =>
    projects.some((each) => each === table?.projectId),
  )
  const auditLogs = table && reader && { table, connection: reader.id }
  const history = bigQueryJobHistory({
    ...exchange,
    connections,
    keys: [journal.digestKey],
    random: randomBytes,
    auditLogs,
    ...jobsKnown,
  })
  const { jobs, reconciledUpTo } = store
  return {
    close: history.close,
    reconcile: async (asked) => {
      // Fail closed: what should be compared and cannot be is not left out.
      if (table !== undefined && auditLogs === undefined)
        return withReason(new BigQueryUnavailable(UNREAD))
      const { cloudAuditLogs } = history
      const ports = { ...journal, jobs, history, cloudAuditLogs, reconciledUpTo }
      const done = await reconcile(ports, asked).catch(withReason)
      for (const { entry, isNew } of done.alerts) {
        if (!isNew) continue
        const { id, alert, detail, call = '', job, account = '' } = entry
        const jobId = job === undefined ? '' : `${job.projectId}:${job.location ?? ''}.${job.jobId}`
        const message = 'bigquery and the record do not agree'
        log('ERROR', message, { entry: id, alert, detail, call, jobId, account })
      }
      return done
    },
  }
}

const UNREAD = 'no connection of the policy has the project of `SLUICE_CLOUD_AUDIT_LOGS`'

/** Says in the log what whoever runs Sluice has to mend: it is in fixed words. */
function withReason(cause: unknown): never {
  if (cause instanceof BigQueryUnavailable)
    log('ERROR', 'the record could not be compared', { reason: cause.message })
  throw cause
}
