import { type Principal, principalKey } from '../../identity/principal.ts'
import type { Policy } from '../../policy/policy.ts'
import { hasRole } from '../admit.ts'

/** What of the record somebody may read. */
export interface ReadsAs {
  /** `principalKey` of whose calls alone they see; undefined for an auditor, who sees all. */
  readonly only: string | undefined
  /** Whether they may read private facts. */
  readonly withPrivate: boolean
}

/** How somebody reads the record who is an auditor or a requester. */
export function readsAs(principal: Principal, policy: Policy): ReadsAs {
  if (!hasRole(principal, policy, 'auditor'))
    return { only: principalKey(principal), withPrivate: false }
  return { only: undefined, withPrivate: hasRole(principal, policy, 'private-reader') }
}

/** Whether somebody may see what this principal did. Nobody sees, as their own, what nobody known did. */
export function sees(
  { only }: Pick<ReadsAs, 'only'>,
  principal: { readonly issuer: string; readonly subject: string } | undefined,
): boolean {
  return only === undefined || (principal !== undefined && principalKey(principal) === only)
}
