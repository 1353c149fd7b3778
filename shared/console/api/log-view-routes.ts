import { z } from '@hono/zod-openapi'

import { exportedTree } from '../../recording/export/exported-tree.ts'
import { hasRole } from '../admit.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import { LOG_OFF, publicHealth } from '../log/log-health.ts'
import { partToVerify } from '../log/part-to-verify.ts'
import { type LogPorts, readLog } from '../log/readable-log.ts'
import { verdictOf } from '../log/verdict-of.ts'
import { type VerifyLimits, usualVerifyLimits, verifyNow } from '../log/verify-now.ts'
import { viewOfLog } from '../log/view-of-log.ts'
import { type LogView, logView, verdictView } from '../views/log-view.ts'
import { time } from '../views/wire.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { onlyAuditors } from './who-may.ts'

/** What showing and verifying the log asks of the world. */
export interface LogViewPorts extends AuditPorts, Pick<LogPorts, 'log'> {
  /** How much is verified while somebody waits. Default: the usual. */
  readonly verifyLimits?: VerifyLimits
}

const MOST_BATCHES = 20

const span = z
  .strictObject({ from: time, to: time })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), '`from` must be before `to`')

/**
 * `GET /log`: the checkpoint as published and who vouches for it, for everybody who is known; and for auditors what is not
 * sealed yet. `POST /log/verify`: verifies a part of the record now, as `sluice verify` does. For auditors.
 */
export function logViewRoutes(app: AuditApp, ports: LogViewPorts, surface: AuditSurface): void {
  const common = {
    tag: 'log',
    recorded: 'as-read',
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
      path: '/log',
      what: 'log.get',
      // It is published: they learn nothing here that `/log` does not tell anybody.
      mayNot: () => undefined,
      summary: 'How the log stands',
      description:
        'The checkpoint as published, the keys and witnesses behind it, its newest batches, and how much is not sealed yet.',
      body: nothing,
      answer: { name: 'Log', schema: logView },
    },
    async ({ caller: { principal } }) => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const { witnesses } = policy.value.record
      const view: LogView =
        ports.log === undefined
          ? { health: LOG_OFF, keys: [], witnesses: [], batches: [] }
          : viewOfLog(await readLog(ports, ports.log, MOST_BATCHES), witnesses, ports.clock())
      const isAuditor = hasRole(principal, policy.value, 'auditor')
      return tellJson(isAuditor ? view : { ...view, health: publicHealth(view.health) })
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
      path: '/log/verify',
      what: 'log.verify',
      mayNot: onlyAuditors,
      summary: 'Verify a part of the record now',
      description:
        'Makes a bundle of what was committed in a span of time and verifies it as `sluice verify` does. What is too much to be verified while somebody waits is cut at its beginning: the answer says what was looked at. Verify all of it from a bundle, and with receipts and checkpoints that you kept, by `sluice verify`.',
      body: span,
      answer: { name: 'Verdict', schema: verdictView },
    },
    async ({ body }) => {
      if (isUnderWay) return refuse({ problem: 'verifying' })
      isUnderWay = true
      try {
        return await verify({ from: Date.parse(body.from), to: Date.parse(body.to) }, body)
      } finally {
        isUnderWay = false
      }
    },
  )

  async function verify(
    asked: { readonly from: number; readonly to: number },
    filter: z.infer<typeof span>,
  ) {
    const { log, verifyLimits: limits = usualVerifyLimits } = ports
    if (log === undefined) return refuse({ problem: 'nothing-sealed' })
    const [trust, tree] = [
      await log.trust(),
      await exportedTree({ ...ports, objects: log.objects }),
    ]
    if (tree === undefined) return refuse({ problem: 'nothing-sealed' })
    const begun = performance.now()
    const scope = await partToVerify(tree, asked, limits.leaves)
    const report = await verifyNow(
      { ...ports, objects: log.objects },
      { tree, trust, scope },
      limits,
    )
    if (!report.ok) return refuse({ problem: 'malformed', message: tooLong(limits) })
    const durationMs = performance.now() - begun
    return tellJson(verdictOf(report.value, { asked, part: scope, durationMs }), { filter })
  }
}

function tooLong({ ms }: VerifyLimits): string {
  return `verifying this takes longer than ${ms / 1000} s: choose a shorter span, or export it and run \`sluice verify\``
}
