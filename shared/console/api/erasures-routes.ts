import type { Principal } from '../../identity/principal.ts'
import type { Policy } from '../../policy/policy.ts'
import { type ErasurePorts, type ErasureScope, erase } from '../../recording/erasure/erase.ts'
import { recordedPrincipal } from '../../recording/recorded-caller.ts'
import { hasRole } from '../admit.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { erasureBody } from './records-bodies.ts'
import { erasureView } from './records-view.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'

export interface ErasuresPorts extends AuditPorts, ErasurePorts {}

/**
 * `POST /erasures` destroys the keys of private facts, of a session or of all sessions of somebody. For records-managers
 * who are no policy-admins.
 */
export function erasuresRoutes(app: AuditApp, ports: ErasuresPorts, surface: AuditSurface): void {
  serveRoute(
    app,
    ports,
    surface,
    {
      method: 'post',
      path: '/erasures',
      what: 'erasures.create',
      tag: 'records',
      summary: 'Destroy the keys of private facts',
      description:
        'Of a session, or of all sessions of somebody. For records-managers who are no policy-admins.',
      mayNot: mayNotErase,
      recorded: 'by-itself',
      params: nothing,
      query: nothing,
      body: erasureBody,
      answer: { name: 'Erasure', schema: erasureView },
      problems: [404, 409],
    },
    async ({ caller, body: { session, principal = '', reason } }) => {
      const scope: ErasureScope = session === undefined ? { principal } : { session }
      const erased = await erase(ports, { scope, by: recordedPrincipal(caller.principal), reason })
      return erased.ok ? tellJson({ keys: erased.value.keys }) : refuse(erased.error)
    },
  )
}

function mayNotErase(principal: Principal, policy: Policy): AuditRefusal | undefined {
  if (!hasRole(principal, policy, 'records-manager')) return { problem: 'no-records-manager' }
  return hasRole(principal, policy, 'policy-admin') ? { problem: 'policy-admin' } : undefined
}
