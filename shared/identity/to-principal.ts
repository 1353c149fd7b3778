import { mint } from '../kernel/brand.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { claimText, claimsMatch } from './claim-values.ts'
import type { Credential, Principal } from './principal.ts'
import type { TokenFault } from './token-problem.ts'
import type { TrustedIssuer } from './trusted-issuer.ts'
import type { Vouched } from './vouched.ts'

/**
 * Judges what an issuer vouched for by what policy asks of that issuer: its clients, the required
 * claims, and the groups that claims are mapped to.
 */
export function toPrincipal(
  vouched: Vouched,
  issuer: TrustedIssuer,
  credential: Omit<Credential, 'lifetime'>,
): Result<Principal, TokenFault> {
  const { clientId, named } = vouched
  const claim = (key: string): unknown => (Object.hasOwn(named, key) ? named[key] : undefined)

  if (issuer.clients !== undefined) {
    // Tokens for Sluice's own client come from its own sign-in; nobody else gets them.
    const allowed = [...issuer.clients, issuer.signIn?.clientId]
    if (clientId === undefined || !allowed.includes(clientId)) return err('client')
  }
  if (!claimsMatch(claim, issuer.requiredClaims)) return err('required-claim')

  const mapped = issuer.groupMappings
    .filter((mapping) => claimsMatch(claim, mapping.when))
    .map((mapping) => mapping.group)

  return ok(
    mint<Principal>({
      issuer: vouched.issuer,
      subject: vouched.subject,
      groups: [...new Set([...vouched.groups, ...mapped])].toSorted(),
      clientId,
      email: vouched.email,
      claims: Object.fromEntries(
        Object.entries(named).map(([key, value]) => [key, claimText(value)]),
      ),
      actors: vouched.actors.map(({ issuer: actorIssuer, subject }) => ({
        issuer: actorIssuer,
        subject,
      })),
      credential: { ...credential, lifetime: vouched.lifetime },
    }),
  )
}
