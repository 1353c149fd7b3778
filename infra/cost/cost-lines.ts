import { firestoreAmounts } from './firestore-amounts.ts'
import type { PriceId, Prices } from './prices.ts'
import { type RunAmounts, runAmounts } from './run-amounts.ts'
import type { Volumes } from './volumes.ts'

/** A line of the bill. */
export interface CostLine {
  readonly component: string
  readonly item: string
  readonly price: PriceId
  /** In units of the price. */
  readonly amount: number
  readonly usd: number
}

const MONTH_MINUTES = 730 * 60
const KIB_PER_GIB = 1024 * 1024
/** Leaves and gzipped archives, of what an entry takes in Firestore. */
const IN_BUCKET = 0.5
/** Staged, tiles, archives, manifest, checkpoint. */
const OBJECTS_PER_BATCH = 8
const READS_PER_BATCH = 6
/** A request, three reminders and votes, each published and delivered. */
const MESSAGES_PER_HELD = 8
/** What a request log and a line of ours take. */
const LOG_KIB_PER_REQUEST = 2
/** Four, and what rotation of `session-secrets` every 90 days leaves in six years. */
const WRAPPING_VERSIONS_PER_DAY = 1 / 90
/** Policy, signing key, and the two of Slack. */
const SECRETS = 4
const SCHEDULES = 4

/** What a month costs, by component. Queries that BigQuery runs are not part of it: it bills them to the project of the connection. */
export function costLines(volumes: Volumes, prices: Prices): readonly CostLine[] {
  const { queries, minInstances, starts } = volumes
  const held = (queries * volumes.heldPercent) / 100
  const sessions = queries / volumes.queriesPerSession
  const days = Math.min(volumes.ageDays, volumes.retentionDays)
  const { reads, writes, deletes, stored } = firestoreAmounts(volumes)
  const run: RunAmounts = runAmounts(volumes, held)
  const tier = volumes.tier === 1 ? '' : '-tier-2'
  const wrappings = Math.max(1, days * WRAPPING_VERSIONS_PER_DAY)
  const line = (component: string, item: string, price: PriceId, amount: number): CostLine => {
    const { usd, per } = prices[price]
    return { component, item, price, amount, usd: (amount * usd) / per }
  }
  const lines = [
    line('Cloud Run functions', 'CPU', `run-cpu${tier}`, run.seconds),
    line('Cloud Run functions', 'memory', `run-memory${tier}`, run.gibSeconds),
    line('Cloud Run functions', 'requests', 'run-requests', run.requests),
    line('Cloud Run functions', 'CPU kept warm', 'run-idle-cpu', minInstances * MONTH_MINUTES * 60),
    line(
      'Cloud Run functions',
      'memory kept warm',
      'run-idle-memory',
      minInstances * MONTH_MINUTES * 60,
    ),
    line('Firestore', 'reads', 'firestore-reads', reads),
    line('Firestore', 'writes', 'firestore-writes', writes),
    line('Firestore', 'deletes', 'firestore-deletes', deletes),
    line('Firestore', 'storage', 'firestore-storage', stored),
    line('Firestore', 'point-in-time recovery', 'firestore-pitr', stored),
    line(
      'Firestore',
      'daily backups',
      'firestore-backup',
      stored * Math.min(volumes.backupDays, days),
    ),
    line('Cloud KMS', 'log-ed25519', 'kms-software-key', 1),
    line('Cloud KMS', 'log-p256, writer-authority', 'kms-hsm-curve-key', 2),
    line('Cloud KMS', 'digest, session-secrets', 'kms-hsm-key', 1 + wrappings),
    // A secret is made and wrapped for each session, and unwrapped when nobody did within a minute.
    line(
      'Cloud KMS',
      'wrapping and digests',
      'kms-operations',
      sessions + queries + starts + MONTH_MINUTES,
    ),
    line('Cloud KMS', 'signatures', 'kms-hsm-curve-operations', starts * 2 + MONTH_MINUTES),
    line('Pub/Sub', 'messages', 'pubsub-throughput', (held * MESSAGES_PER_HELD) / KIB_PER_GIB),
    line('Cloud Storage', 'the log', 'storage-gib', stored * IN_BUCKET),
    line('Cloud Storage', 'objects written', 'storage-class-a', MONTH_MINUTES * OBJECTS_PER_BATCH),
    line('Cloud Storage', 'objects read', 'storage-class-b', MONTH_MINUTES * READS_PER_BATCH),
    line('Secret Manager', 'secrets', 'secret-versions', SECRETS),
    line('Secret Manager', 'reads at start', 'secret-accesses', starts * 3),
    line(
      'Cloud Logging',
      'lines',
      'logging-gib',
      (run.requests * LOG_KIB_PER_REQUEST) / KIB_PER_GIB,
    ),
    line('Cloud Scheduler', 'schedules', 'scheduler-jobs', SCHEDULES),
    line(
      'Network',
      'answers to the internet',
      'internet-gib',
      (queries * volumes.answerKib) / KIB_PER_GIB,
    ),
  ]
  return lines.filter(({ amount }) => amount > 0)
}
