import type { Principal } from '../identity/principal.ts'
import type { Facts, Policy } from '../policy/policy.ts'
import type { RequestEntry } from '../recording/entry.ts'
import type { RequestFacts } from '../session/open-session.ts'
import type { Session } from '../session/session.ts'

/** Somebody who was identified, in a session, under the policy of this moment. */
export interface Caller {
  readonly principal: Principal
  readonly session: Session
  readonly policy: Policy
  readonly facts: RequestFacts
  /** When the request arrived, epoch milliseconds. */
  readonly at: number
  /** Fires when the caller closes the connection. */
  readonly signal: AbortSignal
  /** The call that is run again in their name, and who has it run; undefined for what they ask themselves. */
  readonly replay?: RequestEntry['replay']
}

/** As much of a caller as decisions are about; the record has it too. */
export interface Decidable {
  readonly policy: Policy
  readonly principal: Pick<Principal, 'issuer' | 'subject' | 'groups' | 'clientId' | 'claims'>
  readonly session: { readonly id: string }
  readonly facts: Pick<RequestFacts, 'sourceAddress' | 'justification'>
  readonly at: number
}

/** The caller as conditions of the policy see it. */
export function callerFacts(
  caller: Omit<Decidable, 'policy'>,
): Pick<Facts, 'principal' | 'request'> {
  const { principal, session, facts, at } = caller
  return {
    principal: {
      issuer: principal.issuer,
      sub: principal.subject,
      groups: principal.groups,
      client: principal.clientId ?? '',
      claims: principal.claims,
    },
    request: { time: at, sourceAddress: facts.sourceAddress ?? '', session: session.id },
  }
}
