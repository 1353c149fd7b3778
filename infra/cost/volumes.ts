/** What is asked for in a month, and what it depends on. */
export interface Volumes {
  readonly queries: number
  readonly queriesPerSession: number
  readonly heldPercent: number
  readonly waitMinutes: number
  readonly seconds: number
  readonly atOnce: number
  readonly documentKib: number
  readonly retentionDays: number
  readonly ageDays: number
  readonly backupDays: number
  readonly answerKib: number
  readonly minInstances: number
  readonly starts: number
  readonly tier: 1 | 2
}

/** An option of the command: what it is called, and what it is where nobody says. */
export interface VolumeOption {
  readonly name: Exclude<keyof Volumes, 'tier'>
  readonly flag: string
  readonly usual: number
  readonly most: number
  readonly says: string
}

const MOST = 1e12

/** Every volume, in the order of the help text. */
export const volumeOptions: readonly VolumeOption[] = [
  { name: 'queries', flag: 'queries', usual: 1_000_000, most: MOST, says: 'queries a month' },
  {
    name: 'queriesPerSession',
    flag: 'queries-per-session',
    usual: 10,
    most: MOST,
    says: 'queries that an agent sends in one session',
  },
  {
    name: 'heldPercent',
    flag: 'held',
    usual: 1,
    most: 100,
    says: 'percent of the queries that wait for one vote',
  },
  {
    name: 'waitMinutes',
    flag: 'wait-minutes',
    usual: 10,
    most: 1440,
    says: 'how long a client waits for a vote, with a request open',
  },
  {
    name: 'seconds',
    flag: 'seconds',
    usual: 2,
    most: 3600,
    says: 'how long a query takes; mostly BigQuery',
  },
  {
    name: 'atOnce',
    flag: 'at-once',
    usual: 4,
    most: 1000,
    says: 'requests that a busy instance serves at once, on average',
  },
  {
    name: 'documentKib',
    flag: 'document-kib',
    usual: 3,
    most: 1024,
    says: 'KiB of a document in Firestore, with its indexes',
  },
  {
    name: 'retentionDays',
    flag: 'retention-days',
    usual: 2192,
    most: 36_600,
    says: 'how long policy keeps the record',
  },
  {
    name: 'ageDays',
    flag: 'age-days',
    usual: Number.NaN,
    most: 36_600,
    says: 'how long Sluice has run (default: as long as the record is kept)',
  },
  {
    name: 'backupDays',
    flag: 'backup-days',
    usual: 14,
    most: 98,
    says: 'how many daily backups are kept; each is billed whole',
  },
  {
    name: 'answerKib',
    flag: 'answer-kib',
    usual: 20,
    most: 32_768,
    says: 'KiB of an answer that leave Google Cloud; 0 for clients within',
  },
  {
    name: 'minInstances',
    flag: 'min-instances',
    usual: 0,
    most: 1000,
    says: 'instances of the gateway that are kept warm',
  },
  {
    name: 'starts',
    flag: 'starts',
    usual: 15_000,
    most: MOST,
    says: 'starts of instances a month, of all functions',
  },
]
