import { createHash } from 'node:crypto'

import { type Principal, principalKey } from '../identity/principal.ts'
import { base32 } from '../kernel/base32.ts'
import { mint } from '../kernel/brand.ts'
import type { Session, SessionId } from './session.ts'

/** What a request says about where it comes from. Header values as received. */
export interface RequestFacts {
  readonly sourceAddress: string | undefined
  readonly userAgent: string | undefined
  readonly apiClient: string | undefined
  /** `Sluice-Session` header, else the job label `sluice_session`. */
  readonly sessionName: string | undefined
  /** `Sluice-Justification` header: why the caller wants it, in their words. */
  readonly justification?: string | undefined
  /** `Sluice-Break-Glass: true`: the caller says that it cannot wait for approval. */
  readonly breakGlass?: boolean
  /** Job labels that name the tool, such as Google's `mcp-toolbox-tool`. */
  readonly labels: Readonly<Record<string, string>>
}

/**
 * The session a request belongs to. Deterministic, so nothing is read or stored: same principal, same
 * client, same sign-in (or same chosen name) → same session. A name is always scoped to its principal,
 * so nobody can step into the session of somebody else.
 */
export function openSession(principal: Principal, facts: RequestFacts): Session {
  const name = facts.sessionName === '' ? undefined : facts.sessionName
  const client = principal.clientId ?? product(facts.userAgent) ?? ''
  const digest = createHash('sha256')
  // JSON keeps the parts apart whatever they contain.
  digest.update(
    JSON.stringify([
      'sluice-session/v1',
      principalKey(principal),
      ...(name === undefined ? ['sign-in', client, principal.credential.lifetime] : ['name', name]),
    ]),
  )
  return {
    id: mint<SessionId>(base32(digest.digest().subarray(0, 16))),
    principal,
    verified: { sourceAddress: facts.sourceAddress },
    claimed: {
      userAgent: facts.userAgent,
      apiClient: facts.apiClient,
      name,
      server: product(facts.userAgent),
      tool: facts.labels['mcp-toolbox-tool'],
    },
  }
}

/** `genai-toolbox/1.12.0` from a user agent: its first product (RFC 9110 §10.1.5). */
function product(userAgent: string | undefined): string | undefined {
  return userAgent?.match(/^[\w.!#$%&'*+^`|~-]+(?:\/[\w.!#$%&'*+^`|~-]+)?/)?.[0]
}
