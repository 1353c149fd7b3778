import type { Voter } from '../../approval/grant.ts'

/** Somebody who voted, as others see them: nothing of their token, nor of their other groups. */
export function voterView({ issuer, subject, email, clientId, channel }: Voter) {
  return { issuer, subject, email, clientId, channel }
}

/** An instant in RFC 3339, UTC. */
export function timeOf(at: number): string {
  return new Date(at).toISOString()
}
