import type { Jobs } from '../job.ts'
import { auditedElsewhere } from './audited-elsewhere.ts'
import type { CloudAuditLogs } from './cloud-audit-logs.ts'
import { evidenceOf } from './evidence-of.ts'
import { type Finding, aboutReadSession } from './finding.ts'
import type { JobHistory, PastJob, TimeSpan } from './job-history.ts'
import { mustHaveRun, withoutJob } from './judge-end.ts'
import { type JobEvidence, judgeJobs } from './judge-job.ts'
import type { KnownEnd, KnownRequest } from './known-call.ts'
import type { RecordInSpan } from './record-between.ts'

/** What was compared, and what does not fit. */
export interface Compared {
  readonly findings: readonly Finding[]
  /** Jobs of Sluice's accounts, without its own questions. */
  readonly jobs: number
  readonly ownQuestions: number
  /** Jobs of others, which are nobody's business here. */
  readonly others: number
  /** Calls that BigQuery must have run. */
  readonly calls: number
}

export interface CompareParts {
  readonly history: JobHistory
  readonly jobs: Jobs
  /** Undefined where nobody exports them. */
  readonly cloudAuditLogs?: CloudAuditLogs | undefined
}

/** Jobs whose evidence is looked for at once. */
const AT_ONCE = 32
/** Clocks differ. */
const SKEW_MS = 5 * 60_000
/** So many labels fit into a question. */
const MOST_LABELS = 1_000

/** Compares what is on the record of a span of time with the jobs that BigQuery ran then. Throws as its ports do. */
export async function compareSpan(
  { history, jobs, cloudAuditLogs }: CompareParts,
  record: RecordInSpan,
  span: TimeSpan,
  known: TimeSpan,
): Promise<Compared> {
  const accounts = await history.accounts()
  const past: PastJob[] = []
  let ownQuestions = 0
  let others = 0
  for (const place of await history.places(span)) {
    // oxlint-disable-next-line no-await-in-loop -- page by page, place by place
    for await (const page of history.jobs(place, span, { accounts })) {
      past.push(...page.jobs)
      ownQuestions += page.ownQuestions
      others += page.others
    }
  }
  const audited = await auditedElsewhere({ history, cloudAuditLogs }, past, span, accounts)
  past.push(...audited.jobs)
  const ours = past.filter(({ account }) => accounts.includes(account))
  const evidence: JobEvidence[] = []
  for (let at = 0; at < ours.length; at += AT_ONCE) {
    const some = ours.slice(at, at + AT_ONCE)
    // oxlint-disable-next-line no-await-in-loop
    evidence.push(...(await Promise.all(some.map((job) => evidenceOf(record, jobs, job)))))
  }
  const due = await callsToHaveRun(record, known)
  const labels = new Set(past.flatMap(({ labels: { entry } }) => entry ?? []))
  const missed = due.filter(({ request }) => !labels.has(request.label))
  const found = await jobsLabelled(history, missed, known)
  return {
    findings: [
      ...judgeJobs(evidence),
      ...audited.readSessions.map(aboutReadSession),
      ...missed.flatMap(({ request, end }) =>
        found.has(request.label) ? [] : [withoutJob(request, end)],
      ),
    ],
    jobs: ours.length,
    ownQuestions,
    others: others + past.length - ours.length,
    calls: due.length,
  }
}

interface DueCall {
  readonly request: KnownRequest
  readonly end: KnownEnd
}

/** The calls that ended in the span and must have run, as far back as BigQuery knows its jobs. */
async function callsToHaveRun(record: RecordInSpan, known: TimeSpan): Promise<readonly DueCall[]> {
  const due: DueCall[] = []
  for (const end of record.ends) {
    // oxlint-disable-next-line no-await-in-loop -- mostly known
    const request = await record.requestOf(end.call)
    if (request !== undefined && request.at >= known.from && mustHaveRun(request, end))
      due.push({ request, end })
  }
  return due
}

/** The labels of calls that jobs of another time have: what people approve starts, and ends, later. */
async function jobsLabelled(
  history: JobHistory,
  calls: readonly DueCall[],
  known: TimeSpan,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const [projectId, some] of Map.groupBy(calls, ({ request }) => request.projectId)) {
    const from = Math.min(...some.map(({ request }) => request.at)) - SKEW_MS
    const span = { from: Math.max(from, known.from), to: known.to }
    // oxlint-disable-next-line no-await-in-loop -- a few
    for (const place of await history.places(span, projectId))
      for (let at = 0; at < some.length; at += MOST_LABELS) {
        const entries = some.slice(at, at + MOST_LABELS).map(({ request }) => request.label)
        // oxlint-disable-next-line no-await-in-loop
        for await (const { jobs } of history.jobs(place, span, { entries }))
          for (const { labels } of jobs) if (labels.entry !== undefined) found.add(labels.entry)
      }
  }
  return found
}
