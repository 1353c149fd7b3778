import { auditApp } from '../../shared/console/api/audit-app.ts'
import { reconciliationsRoutes } from '../../shared/console/api/reconciliations-routes.ts'
import type { PastJob, TimeSpan } from '../../shared/recording/reconcile/job-history.ts'
import { reconcile } from '../../shared/recording/reconcile/reconcile.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
import { atV1 } from './at-v1.ts'
import { memoryJobHistory } from './memory-job-history.ts'
import { POLICY, world } from './world.ts'

const ACCOUNT = 'sluice@acme.example'

/** The API of reconciliations with memory behind its ports; otto is an auditor. */
export async function reconciliationWorld() {
  const gateway = await world({
    policy: POLICY.replace('rules:', 'roles: { auditors: auditor }\nrules:'),
    mayFail: true,
  })
  const { ports, state, failures } = gateway
  const history = memoryJobHistory(ACCOUNT)
  const asked: Partial<TimeSpan>[] = []
  /** Of one run. */
  const limit: { forMs?: number } = {}
  const surface = {
    sourceAddress: () => '192.0.2.7',
    challenge: () => 'Bearer',
    refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock: ports.clock }),
    onFailure: (cause: unknown) => void failures.push(cause),
  }
  const reconciling = {
    ...ports,
    reconcile: (span: Partial<TimeSpan>) => {
      asked.push(span)
      return reconcile({ ...ports, history, reconciledUpTo: state.reconciledUpTo }, span, limit)
    },
  }
  const app = atV1(
    auditApp(reconciling, surface, (api) => reconciliationsRoutes(api, reconciling, surface)),
  )
  return {
    ...gateway,
    app,
    history,
    asked,
    limit,
    /** A job of Sluice's account that nobody recorded. */
    bypass: (createdAt: number, change: Partial<PastJob> = {}): void => {
      history.past.push({
        projectId: 'acme',
        jobId: 'job_past_sluice',
        location: 'EU',
        account: ACCOUNT,
        createdAt,
        parent: undefined,
        state: 'DONE',
        jobType: 'QUERY',
        statementType: 'SELECT',
        errorReason: undefined,
        totalBytesBilled: '0',
        labels: { entry: undefined, session: undefined, decision: undefined },
        ...change,
      })
    },
  }
}

export type ReconciliationWorld = Awaited<ReturnType<typeof reconciliationWorld>>
