import type { AuditedPage, CloudAuditLogs, ReadSession } from './cloud-audit-logs.ts'
import type { JobHistory, PastJob, TimeSpan } from './job-history.ts'

/** What only the audit logs know: jobs in projects that are not of the policy, or that no list has; and read sessions. */
export async function auditedElsewhere(
  {
    history,
    cloudAuditLogs,
  }: {
    readonly history: Pick<JobHistory, 'projects'>
    readonly cloudAuditLogs: CloudAuditLogs | undefined
  },
  listed: readonly PastJob[],
  span: TimeSpan,
  accounts: readonly string[],
): Promise<AuditedPage> {
  const names = new Set(listed.map(nameOf))
  const jobs: PastJob[] = []
  const readSessions: ReadSession[] = []
  if (cloudAuditLogs === undefined) return { jobs, readSessions }
  for await (const page of cloudAuditLogs(span, accounts)) {
    readSessions.push(...page.readSessions)
    for (const job of page.jobs) {
      // It may have ended in this span and begun before: then its list was compared before.
      const wasListed = history.projects.includes(job.projectId) && job.createdAt < span.from
      if (wasListed || names.has(nameOf(job))) continue
      names.add(nameOf(job))
      jobs.push(job)
    }
  }
  return { jobs, readSessions }
}

function nameOf({ projectId, location, jobId }: PastJob): string {
  return `${projectId}:${location.toLowerCase()}.${jobId}`
}
