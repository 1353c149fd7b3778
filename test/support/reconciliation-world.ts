import { Hono } from 'hono'

import { reconciliationsRoutes } from '../../shared/console/reconciliations-routes.ts'
import type { PastJob, TimeSpan } from '../../shared/recording/reconcile/job-history.ts'
import { reconcile } from '../../shared/recording/reconcile/reconcile.ts'
import { refusalBudget } from '../../shared/recording/refusal-budget.ts'
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
  const routes = reconciliationsRoutes(
    {
      ...ports,
      reconcile: (span) => {
        asked.push(span)
        return reconcile({ ...ports, history, reconciledUpTo: state.reconciledUpTo }, span, limit)
      },
    },
    {
      sourceAddress: () => '192.0.2.7',
      challenge: () => 'Bearer',
      refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock: ports.clock }),
      onFailure: (cause) => void failures.push(cause),
    },
  )
  const app = new Hono().route('/v1/reconciliations', routes)
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
