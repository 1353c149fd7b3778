import type { Actor } from './principal.ts'

/** Longest `act` chain believed; a real one has one or two links. */
const MAX_ACTORS = 8

/**
 * The `act` chain of a token (RFC 8693 §4.1), outermost first; `undefined` when it is malformed or
 * too deep, because a chain that is not understood hides who acts.
 */
export function actorChain(act: unknown): readonly Actor[] | undefined {
  const chain: Actor[] = []
  let link = act
  while (link !== undefined) {
    if (typeof link !== 'object' || link === null || chain.length === MAX_ACTORS) return undefined
    const subject = 'sub' in link ? link.sub : undefined
    const issuer = 'iss' in link ? link.iss : undefined
    if (typeof subject !== 'string' || subject === '') return undefined
    if (issuer !== undefined && typeof issuer !== 'string') return undefined
    chain.push({ issuer, subject })
    link = 'act' in link ? link.act : undefined
  }
  return chain
}
