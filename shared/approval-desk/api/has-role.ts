import type { Principal } from '../../identity/principal.ts'
import type { Policy, Role } from '../../policy/policy.ts'

/** Whether somebody has a role themselves: what acts for them has none of theirs. */
export function hasRole(
  { principal, policy }: { readonly principal: Principal; readonly policy: Policy },
  role: Role,
): boolean {
  return (
    principal.actors.length === 0 &&
    principal.groups.some((group) => policy.roles.get(group)?.includes(role) === true)
  )
}
