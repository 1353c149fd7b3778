import type { JWTPayload } from 'jose'
import { z } from 'zod'

import { type Result, err, ok } from '../kernel/result.ts'
import { actorChain } from './actor-chain.ts'
import { claimAt, claimStrings, namedClaim } from './claim-values.ts'
import type { TokenFault } from './token-problem.ts'
import type { TrustedIssuer } from './trusted-issuer.ts'

/** OIDC Core §2 allows 255 characters; workload identities of CI systems are longer. */
const MAX_SUBJECT_LENGTH = 1024

/**
 * What a trusted issuer says of a caller. `toPrincipal` judges it by policy. A token that Sluice
 * issues carries this, not the judgement, so that a change of policy holds for it too.
 */
export const Vouched = z.strictObject({
  issuer: z.string().min(1),
  subject: z.string().min(1).max(MAX_SUBJECT_LENGTH),
  clientId: z.string().optional(),
  /** The issuer's own groups, before policy's mappings. */
  groups: z.array(z.string()).readonly(),
  email: z.string().optional(),
  /** The claims that policy names, as the issuer wrote them. */
  named: z.record(z.string(), z.json()).readonly(),
  actors: z
    .array(z.strictObject({ issuer: z.string().optional(), subject: z.string() }).readonly())
    .readonly(),
  /** See `Credential.lifetime`. */
  lifetime: z.string(),
})

export type Vouched = Readonly<z.output<typeof Vouched>>

/** Reads the claims of a verified token of `issuer`. */
export function readVouched(
  claims: JWTPayload,
  issuer: TrustedIssuer,
): Result<Vouched, TokenFault> {
  const { sub = '' } = claims
  if (sub === '' || sub.length > MAX_SUBJECT_LENGTH) return err('subject')
  const actors = actorChain(claims['act'])
  if (actors === undefined) return err('act')

  const clientId = claimStrings(claimAt(claims, issuer.clientClaim))[0]
  const email = claims['email']
  const keys = [issuer.requiredClaims, ...issuer.groupMappings.map((mapping) => mapping.when)]
  const named = new Set([
    ...keys.flatMap((patterns) => Object.keys(patterns)),
    ...issuer.recordedClaims,
  ])

  const vouched = Vouched.safeParse({
    issuer: issuer.issuer,
    subject: sub,
    clientId,
    // Absent, or replaced by a pointer (Entra's overage): then the token puts nobody in a group.
    groups: claimStrings(claimAt(claims, issuer.groupsClaim)),
    email: claims['email_verified'] === true && typeof email === 'string' ? email : undefined,
    named: Object.fromEntries(
      [...named]
        .map((key) => [key, namedClaim(claims, key)] as const)
        .filter(([, value]) => value !== undefined),
    ),
    actors,
    lifetime: lifetime(claims),
  })
  // Lone surrogates cannot be recorded: two readers would not agree on the bytes.
  if (!vouched.success || !isWellFormed(vouched.data)) return err('claims')
  return ok(vouched.data)
}

function lifetime({ sid, auth_time: authTime, iat }: JWTPayload): string {
  if (typeof sid === 'string' && sid !== '') return sid
  return String(typeof authTime === 'number' ? authTime : iat)
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isWellFormed(member))
}
