import { type Result, err, ok } from '../kernel/result.ts'

/** Longest token looked at: an Entra token with two hundred groups has 8 kB. */
export const MAX_TOKEN_BYTES = 16 * 1024

/**
 * The token of an `Authorization` header (RFC 6750 §2.1). `token-missing` when there is no header or
 * it is of another scheme, `token-malformed` when what follows `Bearer` is no token68.
 */
export function bearerToken(
  authorization: string | undefined,
): Result<string, { readonly problem: 'token-missing' | 'token-malformed' }> {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization))
    return err({ problem: 'token-missing' })
  if (authorization.length > MAX_TOKEN_BYTES + 'Bearer '.length)
    return err({ problem: 'token-malformed' })
  const token = /^bearer ([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
  return token === undefined ? err({ problem: 'token-malformed' }) : ok(token)
}
