import { type Principal, principalKey } from '../identity/principal.ts'
import type { Session } from '../session/session.ts'
import type { RecordedPrincipal, RecordedSession } from './envelope.ts'
import type { SecretScope } from './private-facts.ts'

/** What an entry keeps of a principal: member by member, so that a new one is a decision. */
export function recordedPrincipal(principal: Principal): RecordedPrincipal {
  const { issuer, subject, groups, clientId, email, claims, actors, credential } = principal
  const { kind, tokenDigest, tokenId, lifetime, issuedAt, expiresAt } = credential
  return {
    issuer,
    subject,
    groups,
    clientId,
    email,
    claims,
    actors: actors.map((actor) => ({ issuer: actor.issuer, subject: actor.subject })),
    credential: { kind, tokenDigest, tokenId, lifetime, issuedAt, expiresAt },
  }
}

/** A session to record under: the caller's own, or the one the job was started in. */
export type RecordableSession = Omit<Session, 'id'> & { readonly id: string }

/** What the private facts of a session's entries are encrypted under. */
export function secretScope({ id, principal }: RecordableSession): SecretScope {
  return { session: id, owner: principalKey(principal) }
}

/** What an entry keeps of a session besides its principal. */
export function recordedSession({ id, verified, claimed }: RecordableSession): RecordedSession {
  const { userAgent, apiClient, name, server, tool } = claimed
  return {
    id,
    verified: { sourceAddress: verified.sourceAddress },
    claimed: { userAgent, apiClient, name, server, tool },
  }
}
