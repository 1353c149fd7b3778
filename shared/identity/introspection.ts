import { type Result, err, ok } from '../kernel/result.ts'
import { type Form, type OAuthProblem, explain } from './oauth-problem.ts'
import { type Trust, tokenVerifier } from './token-verifier.ts'

/** What RFC 7662 §2.2 says of a token: who it names, never the token. */
export type Introspection =
  | { readonly active: false }
  | {
      readonly active: true
      /** What gcloud calls the account: the verified address, else the subject. */
      readonly username: string
      readonly sub: string
      readonly iss: string
      readonly client_id?: string
      readonly token_type: 'Bearer'
      readonly iat: number
      readonly exp: number
    }

/**
 * Token introspection (RFC 7662). Whoever has the token may ask about it: the answer holds nothing
 * that its holder could not read in it.
 */
export function introspection(
  trust: Trust,
): (form: Form, now: number) => Promise<Result<Introspection, OAuthProblem>> {
  const verify = tokenVerifier(trust)
  return async (form, now) => {
    const token = form.get('token')
    if (token === undefined)
      return err({ error: 'invalid_request', description: 'the parameter token is required' })
    const verified = await verify(token, now)
    if (!verified.ok) {
      return verified.error.problem === 'issuer-unreachable'
        ? err(explain(verified.error, trust.issuers, 'token'))
        : ok({ active: false })
    }
    const { subject, issuer, email, clientId, credential } = verified.value.principal
    return ok({
      active: true,
      username: email ?? subject,
      sub: subject,
      iss: issuer,
      ...(clientId === undefined ? {} : { client_id: clientId }),
      token_type: 'Bearer',
      iat: Math.floor(credential.issuedAt / 1000),
      exp: Math.floor(credential.expiresAt / 1000),
    })
  }
}
