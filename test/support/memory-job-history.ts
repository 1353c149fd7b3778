import type { JobHistory, PastJob, TimeSpan } from '../../shared/recording/reconcile/job-history.ts'

/** A BigQuery that remembers the jobs it is given. */
export interface MemoryJobHistory extends JobHistory {
  readonly past: PastJob[]
  /** Every question about jobs. */
  readonly asked: TimeSpan[]
  /** Whether it answers. */
  isDown: boolean
}

/** `account` is Sluice's; jobs of ten minutes ago are known. */
export function memoryJobHistory(account: string, since = 0): MemoryJobHistory {
  const history: MemoryJobHistory = {
    projects: ['acme'],
    past: [],
    asked: [],
    isDown: false,
    known: (now) => ({ from: since, to: now - 10 * 60_000 }),
    accounts: async () => {
      if (history.isDown) throw new Error('bigquery is down')
      return [account]
    },
    places: async (span, projectId) => {
      const names = history.past
        .filter((job) => isIn(span, job) && (projectId ?? job.projectId) === job.projectId)
        .map((job) => JSON.stringify({ projectId: job.projectId, location: job.location }))
      return [...new Set(names)].map((text) => JSON.parse(text))
    },
    jobs: async function* (place, span, which) {
      history.asked.push(span)
      const there = history.past.filter(
        (job) =>
          isIn(span, job) && job.projectId === place.projectId && job.location === place.location,
      )
      const isAsked = (job: PastJob) =>
        'entries' in which
          ? which.entries.includes(job.labels.entry ?? '')
          : which.accounts.includes(job.account) || job.labels.entry !== undefined
      for (const job of there.filter(isAsked)) yield { jobs: [job], ownQuestions: 0, others: 0 }
      const others = 'entries' in which ? 0 : there.filter((job) => !isAsked(job)).length
      yield { jobs: [], ownQuestions: 1, others }
    },
  }
  return history
}

function isIn({ from, to }: TimeSpan, { createdAt }: PastJob): boolean {
  return createdAt >= from && createdAt < to
}
