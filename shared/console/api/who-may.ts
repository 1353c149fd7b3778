import type { Role } from '../../policy/policy.ts'
import { hasRole } from '../admit.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import type { MayNot } from './audit-route.ts'

/** Only auditors. What acts for one is none. */
export const onlyAuditors: MayNot = anyOf(['auditor'], { problem: 'no-auditor' })

/** Auditors, and requesters as far as they did it: the route sees to that. */
export const auditorsAndRequesters: MayNot = anyOf(['auditor', 'requester'], {
  problem: 'no-reader',
})

/** Whoever has one of the roles themselves. */
export function anyOf(roles: readonly Role[], refusal: AuditRefusal): MayNot {
  return (principal, policy) =>
    roles.some((role) => hasRole(principal, policy, role)) ? undefined : refusal
}
