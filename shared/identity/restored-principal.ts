import { mint } from '../kernel/brand.ts'
import type { Principal, PrincipalFacts } from './principal.ts'

/**
 * A principal as a held request has it, for what goes on after the request: the issuer vouched for them when they
 * asked. Never for a request that comes in; its credential says that there is no token.
 */
export function restoredPrincipal(facts: Omit<PrincipalFacts, 'credential'>): Principal {
  return mint<Principal>({
    ...facts,
    credential: {
      kind: 'bearer',
      tokenDigest: '',
      tokenId: undefined,
      lifetime: '',
      issuedAt: 0,
      expiresAt: 0,
    },
  })
}
