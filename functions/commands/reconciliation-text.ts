import { visibleLine } from '../../shared/approval-desk/visible-text.ts'
import type { ReconciliationView } from '../../shared/console/api/reconciliation-view.ts'

/** A reconciliation for people. */
export function reconciliationText(done: ReconciliationView): string {
  const { from, to, jobs, calls, ownQuestions, others, alerts } = done
  const lines = [
    `from ${from} to ${to}`,
    `${jobs} jobs of Sluice, ${calls} calls that BigQuery must have run, ${ownQuestions} own questions; ${others} jobs of others`,
    alerts.length === 0 ? 'everything fits' : `${alerts.length} that do not fit:`,
    ...alerts.map(alertLine),
  ]
  return `${lines.join('\n')}\n`
}

function alertLine(found: ReconciliationView['alerts'][number]): string {
  const { alert, detail, call, job, account, at, isNew } = found
  const parts = [
    alert,
    job &&
      `job ${job.projectId}:${job.location === undefined ? '' : `${job.location}.`}${job.jobId}`,
    call && `call ${call}`,
    account && `as ${account}`,
    detail,
    isNew ? 'new' : `known since ${at}`,
  ]
  const text = parts.filter((part) => part !== undefined).join(', ')
  // Whoever goes around Sluice names the job.
  return `  ${visibleLine(text, LONGEST, 'words')}`
}

const LONGEST = 2_000
