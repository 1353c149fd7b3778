import { decodeJwt, decodeProtectedHeader, errors } from 'jose'

import { MAX_TOKEN_BYTES } from './bearer-token.ts'

/** What a JWT says before anything is known of who wrote it. */
export interface UnverifiedJwt {
  readonly algorithm: string
  readonly critical: boolean
  readonly type: string | undefined
  readonly issuer: string
}

/**
 * Reads the parts of a JWT that choose how to verify it; `undefined` when it is none.
 * Attacker-controlled, all of it: key references (`jku`, `jwk`, `x5u`, `x5c`) are not even read.
 */
export function unverifiedJwt(token: string): UnverifiedJwt | undefined {
  if (token.length > MAX_TOKEN_BYTES) return undefined
  try {
    const { alg, crit, typ } = decodeProtectedHeader(token)
    const { iss } = decodeJwt(token)
    if (typeof alg !== 'string' || typeof iss !== 'string') return undefined
    if (typ !== undefined && typeof typ !== 'string') return undefined
    return { algorithm: alg, critical: crit !== undefined, type: typ, issuer: iss }
  } catch (cause) {
    // jose says JOSEError for claims and TypeError for a header it cannot read.
    if (cause instanceof errors.JOSEError || cause instanceof TypeError) return undefined
    throw cause
  }
}
