/** What something costs. */
export interface Price {
  /** US dollars for `per` units. */
  readonly usd: number
  readonly per: number
  readonly unit: string
  /** Where Google publishes it. */
  readonly source: string
}

/** When these were written down. Nobody could look them up from where this was written: hold them against their pages. */
export const PRICES_AS_OF = '2025'

const run = 'https://cloud.google.com/run/pricing'
const firestore = 'https://cloud.google.com/firestore/pricing'
const kms = 'https://cloud.google.com/kms/pricing'
const storage = 'https://cloud.google.com/storage/pricing'
const secrets = 'https://cloud.google.com/secret-manager/pricing'

/** List prices in us-central1, in US dollars, without free tiers and discounts. */
export const listPrices = {
  'run-cpu': { usd: 0.000024, per: 1, unit: 'vCPU-second', source: run },
  'run-memory': { usd: 0.0000025, per: 1, unit: 'GiB-second', source: run },
  'run-cpu-tier-2': { usd: 0.0000336, per: 1, unit: 'vCPU-second', source: run },
  'run-memory-tier-2': { usd: 0.0000035, per: 1, unit: 'GiB-second', source: run },
  'run-idle-cpu': { usd: 0.0000025, per: 1, unit: 'idle vCPU-second', source: run },
  'run-idle-memory': { usd: 0.0000025, per: 1, unit: 'idle GiB-second', source: run },
  'run-requests': { usd: 0.4, per: 1_000_000, unit: 'request', source: run },
  'firestore-reads': { usd: 0.03, per: 100_000, unit: 'read', source: firestore },
  'firestore-writes': { usd: 0.09, per: 100_000, unit: 'write', source: firestore },
  'firestore-deletes': { usd: 0.01, per: 100_000, unit: 'delete', source: firestore },
  'firestore-storage': { usd: 0.15, per: 1, unit: 'GiB-month', source: firestore },
  'firestore-pitr': { usd: 0.15, per: 1, unit: 'GiB-month', source: firestore },
  'firestore-backup': { usd: 0.03, per: 1, unit: 'GiB-month', source: firestore },
  'kms-software-key': { usd: 0.06, per: 1, unit: 'key version-month', source: kms },
  'kms-hsm-key': { usd: 1, per: 1, unit: 'key version-month', source: kms },
  'kms-hsm-curve-key': { usd: 2.5, per: 1, unit: 'key version-month', source: kms },
  'kms-operations': { usd: 0.03, per: 10_000, unit: 'operation', source: kms },
  'kms-hsm-curve-operations': { usd: 0.15, per: 10_000, unit: 'operation', source: kms },
  'pubsub-throughput': {
    usd: 40,
    per: 1024,
    unit: 'GiB',
    source: 'https://cloud.google.com/pubsub/pricing',
  },
  'storage-gib': { usd: 0.02, per: 1, unit: 'GiB-month', source: storage },
  'storage-class-a': { usd: 0.005, per: 1_000, unit: 'operation', source: storage },
  'storage-class-b': { usd: 0.0004, per: 1_000, unit: 'operation', source: storage },
  'secret-versions': { usd: 0.06, per: 1, unit: 'version-month', source: secrets },
  'secret-accesses': { usd: 0.03, per: 10_000, unit: 'access', source: secrets },
  'scheduler-jobs': {
    usd: 0.1,
    per: 1,
    unit: 'job-month',
    source: 'https://cloud.google.com/scheduler/pricing',
  },
  'logging-gib': {
    usd: 0.5,
    per: 1,
    unit: 'GiB',
    source: 'https://cloud.google.com/products/observability/pricing',
  },
  'internet-gib': {
    usd: 0.12,
    per: 1,
    unit: 'GiB',
    source: 'https://cloud.google.com/vpc/network-pricing',
  },
} as const satisfies Record<string, Price>

export type PriceId = keyof typeof listPrices
export type Prices = Readonly<Record<PriceId, Price>>
