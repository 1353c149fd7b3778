import { type Result, err, ok } from '../../kernel/result.ts'
import { IssuerUnreachable, type KeySets } from '../key-sets.ts'
import { type OAuthProblem, explain } from '../oauth-problem.ts'
import type { TrustedIssuer } from '../trusted-issuer.ts'
import { unverifiedJwt } from '../unverified-jwt.ts'
import { verifyIssuerToken } from '../verify-issuer-token.ts'
import type { Vouched } from '../vouched.ts'
import type { SignInIssuer } from './authorization-url.ts'
import type { IssuerClient, SignInGrant } from './issuer-client.ts'

/** Somebody who has signed in. */
export interface SignedIn {
  readonly vouched: Vouched
  /** Epoch milliseconds: when what vouches for them ends. */
  readonly until: number
  readonly refreshToken: string | undefined
}

interface RedeemingPorts {
  readonly issuers: readonly TrustedIssuer[]
  readonly issuerClient: IssuerClient
  readonly keySets: KeySets
}

/** The issuer's answer to a grant, if it vouches for somebody; `nonce` as the sign-in had it, undefined for a refresh. */
export async function redeemSignIn(
  { issuers, issuerClient, keySets }: RedeemingPorts,
  issuer: SignInIssuer,
  grant: SignInGrant,
  nonce: string | undefined,
  now: number,
): Promise<Result<SignedIn, OAuthProblem>> {
  const { clientId } = issuer.signIn
  const tokens = await issuerClient.redeem(issuer.issuer, issuer.signIn, grant).catch(unreachable)
  if (tokens === undefined)
    return err(explain({ problem: 'issuer-unreachable', issuer: issuer.issuer }, issuers, ID_TOKEN))
  if (!tokens.ok) return refused('the issuer does not accept this sign-in any more; sign in again')
  const { idToken = '', refreshToken } = tokens.value

  const unverified = unverifiedJwt(idToken)
  if (unverified === undefined)
    return refused('the issuer gave no ID token; its client for Sluice needs the scope openid')
  // Asked for by Sluice itself, over TLS, with its own client: so it is for that client.
  const expected = { ...issuer, audiences: [clientId] }
  const verified = await verifyIssuerToken(idToken, unverified, expected, keySets, now)
  if (!verified.ok) return err(explain(verified.error, [expected], ID_TOKEN))
  const { claims, vouched } = verified.value
  // OIDC Core §3.1.3.7: the nonce ties the token to this sign-in, azp to this client.
  if (nonce !== undefined && claims['nonce'] !== nonce) return refused('the nonce is another one')
  if (claims['azp'] !== undefined && claims['azp'] !== clientId)
    return refused('the ID token is for another client')
  return ok({ vouched: { ...vouched, clientId }, until: Number(claims.exp) * 1000, refreshToken })
}

/** The token of a sign-in, as people are told of it. */
export const ID_TOKEN = 'ID token of the sign-in'

const refused = (description: string): Result<never, OAuthProblem> =>
  err({ error: 'invalid_grant', description })

function unreachable(cause: unknown): undefined {
  if (cause instanceof IssuerUnreachable) return undefined
  throw cause
}
