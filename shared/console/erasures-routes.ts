import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import type { Principal } from '../identity/principal.ts'
import type { Policy } from '../policy/policy.ts'
import { type ErasurePorts, type ErasureScope, erase } from '../recording/erasure/erase.ts'
import { recordedPrincipal } from '../recording/recorded-caller.ts'
import { type Admitted, admit, hasRole } from './admit.ts'
import { answerAuditor, refuseAudit } from './answer-auditor.ts'
import type { AuditPorts, AuditSurface } from './audit-ports.ts'
import type { AuditRefusal } from './audit-refusal.ts'
import { readBody } from './read-body.ts'
import { erasureBody } from './records-bodies.ts'

export interface ErasuresPorts extends AuditPorts, ErasurePorts {}

interface Env {
  /** There is none before somebody is known. */
  readonly Variables: { caller: Admitted }
}

const MAX_BODY_BYTES = 16 * 1024

/**
 * To be mounted at `/v1/erasures`: `POST` destroys the keys of private facts, of a session or of all sessions of
 * somebody. For records-managers who are no policy-admins.
 */
export function erasuresRoutes(ports: ErasuresPorts, surface: AuditSurface): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const caller = await admit(ports, surface, c, mayNotErase)
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
  app.post('/', async (c) => {
    const body = await readBody(c, erasureBody)
    if (!body.ok) return refused(c, body.error)
    const { session, principal = '', reason } = body.value
    const scope: ErasureScope = session === undefined ? { principal } : { session }
    const by = recordedPrincipal(c.get('caller').principal)
    const erased = await erase(ports, { scope, by, reason })
    return erased.ok ? answerAuditor({ keys: erased.value.keys }) : refused(c, erased.error)
  })
  app.onError((cause, c: Context<Env>) => refused(c, { problem: 'failed', cause }))
  return app

  function refused(c: Context<Env>, refusal: AuditRefusal): Promise<Response> {
    const caller: Admitted | undefined = c.get('caller')
    return refuseAudit(ports, surface, c, { refusal, session: caller?.session })
  }
}

function mayNotErase(principal: Principal, policy: Policy): AuditRefusal | undefined {
  if (!hasRole(principal, policy, 'records-manager')) return { problem: 'no-records-manager' }
  return hasRole(principal, policy, 'policy-admin') ? { problem: 'policy-admin' } : undefined
}
