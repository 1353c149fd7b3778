import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import type { Holds } from '../recording/holds/holds.ts'
import { releaseHold, setHold } from '../recording/holds/set-hold.ts'
import { recordedPrincipal } from '../recording/recorded-caller.ts'
import { type Admitted, admit, hasRole } from './admit.ts'
import { answerAuditor, refuseAudit } from './answer-auditor.ts'
import type { AuditPorts, AuditSurface } from './audit-ports.ts'
import type { AuditRefusal } from './audit-refusal.ts'
import { recordAudit } from './auditor.ts'
import { readBody } from './read-body.ts'
import { holdBody, releaseBody } from './records-bodies.ts'
import { viewOfHold } from './records-view.ts'

export interface HoldsPorts extends AuditPorts {
  readonly holds: Holds
}

interface Env {
  /** There is none before somebody is known. */
  readonly Variables: { caller: Admitted }
}

const MAX_BODY_BYTES = 16 * 1024

/**
 * To be mounted at `/v1/holds`: `GET` lists the holds in force, `POST` sets one, `POST …/{id}/release` releases it. For
 * auditors; a records-manager may see them.
 */
export function holdsRoutes(ports: HoldsPorts, surface: AuditSurface): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const caller = await admit(ports, surface, c, (principal, policy) =>
      hasRole(principal, policy, 'auditor') ||
      (c.req.method === 'GET' && hasRole(principal, policy, 'records-manager'))
        ? undefined
        : { problem: 'no-auditor' },
    )
    if (!caller.ok) return refuseAudit(ports, surface, c, caller.error)
    c.set('caller', caller.value)
    return next()
  })
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => refused(c, { problem: 'body-too-large', limit: MAX_BODY_BYTES }),
    }),
  )
  app.get('/', async (c) => {
    const looked = {
      type: 'audit-read',
      what: 'holds.list',
      filter: {},
      withPrivate: false,
    } as const
    const recorded = await recordAudit(ports, c.get('caller'), looked)
    if (!recorded.ok) return refused(c, { problem: 'record-unavailable', cause: recorded.error })
    return answerAuditor({ holds: (await ports.holds.list()).map(viewOfHold) })
  })
  app.post('/', async (c) => {
    const body = await readBody(c, holdBody)
    if (!body.ok) return refused(c, body.error)
    const { session, principal, reason } = body.value
    const scope = { session, principal }
    return done(c, setHold(ports, ports.holds, { scope, by: by(c), reason }))
  })
  app.post('/:id/release', async (c) => {
    const body = await readBody(c, releaseBody)
    if (!body.ok) return refused(c, body.error)
    const { reason } = body.value
    const id = c.req.param('id')
    return done(c, releaseHold(ports, ports.holds, { id, by: by(c), reason }))
  })
  app.onError((cause, c: Context<Env>) => refused(c, { problem: 'failed', cause }))
  return app

  async function done(c: Context<Env>, work: ReturnType<typeof releaseHold>): Promise<Response> {
    try {
      const hold = await work
      return hold === undefined
        ? await refused(c, { problem: 'no-hold' })
        : answerAuditor(viewOfHold(hold))
    } catch (cause) {
      return refused(c, { problem: 'record-unavailable', cause })
    }
  }

  function by(c: Context<Env>) {
    return recordedPrincipal(c.get('caller').principal)
  }

  function refused(c: Context<Env>, refusal: AuditRefusal): Promise<Response> {
    const caller: Admitted | undefined = c.get('caller')
    return refuseAudit(ports, surface, c, { refusal, session: caller?.session })
  }
}
