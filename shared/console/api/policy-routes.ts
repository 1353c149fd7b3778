import { z } from '@hono/zod-openapi'

import { parseCases } from '../../policy/parse-cases.ts'
import { parsePolicy } from '../../policy/parse-policy.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import { type FindPorts, freshIndex } from '../calls/find.ts'
import { policyHistory } from '../policy/policy-history.ts'
import { testPolicy, whyNotTested } from '../policy/test-policy.ts'
import {
  type PolicyProblems,
  type PolicyView,
  policyProblems,
  policyTestReport,
  policyView,
  whatIfReport,
} from '../views/policy-view.ts'
import { time } from '../views/wire.ts'
import type { WhatIfPorts } from '../what-if/what-if-ports.ts'
import type { WhatIfLimits } from '../what-if/what-if.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { problemsOf } from './policy-problems.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { tryPolicy } from './try-policy.ts'
import { anyOf } from './who-may.ts'

/** What showing and trying policies asks of the world. */
export interface PolicyPorts
  extends AuditPorts, Omit<WhatIfPorts, 'entries' | 'secrets'>, Omit<FindPorts, 'index'> {
  readonly index: SearchIndex
  /** How much is compared while somebody waits. Default: the usual. */
  readonly whatIfLimits?: WhatIfLimits
}

const MAX_BODY_BYTES = 2 * 1024 * 1024
/** Reading keeps everybody else waiting: a larger one is tried where it is, by `sluice policy check`. */
const LONGEST_POLICY = 256 * 1024

const candidate = z.string().min(1).max(LONGEST_POLICY)

const tried = z
  .strictObject({ policy: candidate, from: time, to: time })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), '`from` must be before `to`')

/**
 * `GET /policy`: what is in force, and was. `POST /policy/check`: all that is wrong with another one. `POST /what-if`: what
 * that one would have said to recorded calls. For auditors and for policy-admins: no private fact is shown.
 */
export function policyRoutes(app: AuditApp, ports: PolicyPorts, surface: AuditSurface): void {
  const common = {
    tag: 'policy',
    mayNot: anyOf(['auditor', 'policy-admin'], { problem: 'no-policy-reader' }),
    params: nothing,
    query: nothing,
  } as const
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'get',
      path: '/policy',
      what: 'policy.get',
      recorded: 'as-read',
      summary: 'The policy in force',
      description: 'Its text and digest, and what was in force before, as the record has it.',
      body: nothing,
      answer: { name: 'Policy', schema: policyView },
    },
    async () => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const { digest, text } = policy.value
      await freshIndex(ports)
      const json: PolicyView = { digest, text, history: await policyHistory(ports) }
      return tellJson(json)
    },
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'post',
      path: '/policy/check',
      what: 'policy.check',
      // Nothing of the record is read.
      recorded: 'by-itself',
      summary: 'Everything that is wrong with a policy',
      description: 'With line and column, as `sluice policy check` says it. None when it is good.',
      body: z.strictObject({ policy: candidate }),
      maxBodyBytes: MAX_BODY_BYTES,
      answer: { name: 'PolicyProblems', schema: policyProblems },
    },
    async ({ body }) => tellJson({ problems: problemsOf(parsePolicy(body.policy)) }),
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'post',
      path: '/policy/test',
      what: 'policy.test',
      // Nothing of the record is read.
      recorded: 'by-itself',
      summary: 'Whether a policy decides as cases say',
      description:
        'A file of cases as `sluice policy test` reads it, decided by the policy in force or by another one, on tables as they are now. Nothing runs.',
      body: z.strictObject({ cases: candidate, policy: candidate.optional() }),
      maxBodyBytes: MAX_BODY_BYTES,
      answer: { name: 'PolicyTest', schema: policyTestReport },
    },
    async ({ body }) => {
      const inForce = ports.policy()
      if (!inForce.ok) return refuse({ problem: 'not-ready' })
      const other = body.policy === undefined ? inForce : parsePolicy(body.policy)
      if (!other.ok) return refuse({ problem: 'malformed', message: 'it is not a policy' })
      const cases = parseCases(body.cases)
      if (!cases.ok) return refuse({ problem: 'malformed', message: firstOf(problemsOf(cases)) })
      const why = whyNotTested(inForce.value, cases.value)
      if (why !== undefined) return refuse({ problem: 'malformed', message: why })
      const policies = { candidate: other.value, inForce: inForce.value }
      return tellJson(await testPolicy(ports, policies, cases.value))
    },
  )
  let isUnderWay = false
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'post',
      path: '/what-if',
      what: 'what-if',
      recorded: 'by-itself',
      summary: 'What another policy would have said',
      description:
        'Decides again on recorded calls, newest first, as the caller and at the time of then: on schemas as they are now, and by the estimates on the record. Limits, budgets and kill switches are not played through. With `Accept: application/x-ndjson` lines of `{ progress: { done, of } }`, and last `{ report }`.',
      body: tried,
      maxBodyBytes: MAX_BODY_BYTES,
      answer: { name: 'WhatIf', schema: whatIfReport },
    },
    async (asked) => {
      if (isUnderWay) return refuse({ problem: 'trying' })
      isUnderWay = true
      return tryPolicy(ports, surface, asked, () => {
        isUnderWay = false
      })
    },
  )
}

function firstOf([problem]: PolicyProblems['problems']): string {
  if (problem === undefined) return 'it is no file of cases'
  const { message, line, column } = problem
  return `line ${line ?? 1}, column ${column ?? 1}: ${message}`
}
