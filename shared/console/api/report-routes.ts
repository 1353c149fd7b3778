import { z } from '@hono/zod-openapi'

import { recordedPrincipal } from '../../recording/recorded-caller.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { FindPorts } from '../calls/find.ts'
import { personOf } from '../calls/person-of.ts'
import type { LogPorts } from '../log/readable-log.ts'
import { makeReport } from '../report/make-report.ts'
import { evidenceReport } from '../views/review-view.ts'
import { time } from '../views/wire.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { onlyAuditors } from './who-may.ts'

/** What the evidence report asks of the world. */
export interface EvidencePorts extends AuditPorts, FindPorts, Pick<LogPorts, 'log'> {}

const LONGEST_DAYS = 400
const LONGEST_MS = LONGEST_DAYS * 24 * 60 * 60_000

const span = z
  .strictObject({ from: time, to: time })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), '`from` must be before `to`')
  .refine(
    ({ from, to }) => Date.parse(to) - Date.parse(from) <= LONGEST_MS,
    `at most ${LONGEST_DAYS} days`,
  )

/** `GET /report`: the evidence for a period that is over, to be printed and signed off. For auditors. */
export function reportRoutes(app: AuditApp, ports: EvidencePorts, surface: AuditSurface): void {
  serveRoute(
    app,
    ports,
    surface,
    {
      method: 'get',
      path: '/report',
      what: 'report.get',
      tag: 'reviews',
      summary: 'Evidence for a period',
      description:
        'Policies in force, counts, what helps towards which control, a sample of sessions that nobody chooses with their proofs verified, and who signed it off: sign it by a review of the same period whose query is `report`. It says what it does not show, and of nothing that it is compliant.',
      mayNot: onlyAuditors,
      recorded: 'as-read',
      params: nothing,
      query: span,
      body: nothing,
      answer: { name: 'EvidenceReport', schema: evidenceReport },
    },
    async ({ caller: { principal }, query: { from, to } }) => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const asked = { from: Date.parse(from), to: Date.parse(to) }
      if (asked.to > ports.clock())
        return refuse({
          problem: 'malformed',
          message: 'the period is not over: `to` is still to come',
        })
      await ports.refreshIndex()
      const { onFailure } = surface
      const by = personOf(recordedPrincipal(principal))
      return tellJson(await makeReport({ ...ports, onFailure }, policy.value, asked, by))
    },
  )
}
