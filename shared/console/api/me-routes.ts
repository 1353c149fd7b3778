import { roleNames } from '../../policy/policy.ts'
import { hasRole } from '../admit.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import { type Me, me } from '../views/me-view.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'

/** `GET /me`: who is asking, and which roles the policy in force gives them. For everybody who is known. */
export function meRoutes(app: AuditApp, ports: AuditPorts, surface: AuditSurface): void {
  serveRoute(
    app,
    ports,
    surface,
    {
      method: 'get',
      path: '/me',
      what: 'me.get',
      tag: 'you',
      summary: 'Who you are here',
      description: 'The caller and their roles. Reads nothing of the record, and is no entry.',
      mayNot: () => undefined,
      recorded: 'by-itself',
      params: nothing,
      query: nothing,
      body: nothing,
      answer: { name: 'Me', schema: me },
    },
    async ({ caller: { principal } }) => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const { issuer, subject, email } = principal
      const roles = roleNames.filter((role) => hasRole(principal, policy.value, role))
      const json: Me = { name: email ?? subject, issuer, subject, roles }
      return tellJson(json)
    },
  )
}
