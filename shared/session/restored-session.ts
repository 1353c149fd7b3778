import type { Principal } from '../identity/principal.ts'
import { mint } from '../kernel/brand.ts'
import type { Session, SessionId } from './session.ts'

/** The session a held request was made in, for what goes on after the request. */
export function restoredSession(
  principal: Principal,
  id: string,
  { verified, claimed }: Pick<Session, 'verified' | 'claimed'>,
): Session {
  return { id: mint<SessionId>(id), principal, verified, claimed }
}
