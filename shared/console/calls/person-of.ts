import type { RecordedPrincipal } from '../../recording/envelope.ts'
import type { Person } from '../views/wire.ts'

/** Somebody as people want to read them: nothing of their token. */
export function personOf(principal: RecordedPrincipal): Person {
  const { issuer, subject, email, clientId, groups, actors, claims } = principal
  return {
    issuer,
    subject,
    email,
    clientId,
    groups: [...groups],
    actors: actors.map((actor) => ({ issuer: actor.issuer, subject: actor.subject })),
    claims: { ...claims },
  }
}

/** An instant in RFC 3339, UTC. */
export function timeOf(at: number): string {
  return new Date(at).toISOString()
}
