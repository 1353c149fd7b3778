import { timingSafeEqual } from 'node:crypto'

import { z } from 'zod'

import type { Form } from '../../identity/oauth-problem.ts'
import { authorizationUrl } from '../../identity/sign-in/authorization-url.ts'
import { type SignedIn, redeemSignIn } from '../../identity/sign-in/redeem-sign-in.ts'
import { type SignInPorts, endpointsOf, signInIssuer } from '../../identity/sign-in/sign-in.ts'
import { type Result, err, ok } from '../../kernel/result.ts'

/** How long somebody may take at their issuer's login page. */
export const SIGN_IN_MS = 10 * 60_000

const UnderWay = z.strictObject({
  issuer: z.string(),
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  to: z.string(),
})

/** A sign-in that begins: where the browser goes, and what it keeps for when it comes back. */
export interface BegunSignIn {
  readonly location: string
  readonly issuer: string
  /** Sealed; for `signInCookie`. */
  readonly kept: string
}

/** Why nobody is signed in; the words are for people and for the record. */
export interface SignInProblem {
  readonly problem: 'over' | 'refused' | 'unavailable'
  readonly words: string
}

/** Where an issuer sends browsers back to; what its client registration must name. */
function consoleCallbackUrl(gateway: string): string {
  return `${gateway}/console/callback`
}

/** Begins a sign-in at `issuer`, one of the policy's, that leads back to `to`. */
export async function beginSignIn(
  ports: SignInPorts,
  issuer: string | undefined,
  to: string,
  now: number,
): Promise<Result<BegunSignIn, SignInProblem>> {
  const chosen = signInIssuer(ports.issuers, issuer)
  if (chosen === undefined)
    return refused('policy has no sign-in client for this issuer; nobody can sign in there')
  const endpoints = await endpointsOf(ports.issuerClient, chosen.issuer)
  if (endpoints === undefined) return unavailable(chosen.issuer)
  const [state, nonce, codeVerifier] = [
    ports.randomToken(),
    ports.randomToken(),
    ports.randomToken(),
  ]
  const underWay: z.infer<typeof UnderWay> = {
    issuer: chosen.issuer,
    state,
    nonce,
    codeVerifier,
    to,
  }
  return ok({
    issuer: chosen.issuer,
    location: authorizationUrl(chosen, endpoints, {
      redirectUri: consoleCallbackUrl(ports.gateway),
      state,
      nonce,
      codeVerifier,
    }),
    kept: await ports.sealer.seal('console-sign-in', underWay, now + SIGN_IN_MS),
  })
}

/** Ends a sign-in with what the issuer sent the browser back with, and what that browser kept. */
export async function finishSignIn(
  ports: SignInPorts,
  query: Form,
  kept: string | undefined,
  now: number,
): Promise<Result<{ readonly signedIn: SignedIn; readonly to: string }, SignInProblem>> {
  const underWay = await ports.sealer.open('console-sign-in', kept ?? '', UnderWay, now)
  // Login CSRF: an answer to a sign-in that this browser did not begin ends here.
  if (underWay === undefined || !isSame(query.get('state'), underWay.state)) return over()
  const issuer = signInIssuer(ports.issuers, underWay.issuer)
  if (issuer === undefined) return refused('policy does not trust the issuer any more')
  const endpoints = await endpointsOf(ports.issuerClient, issuer.issuer)
  if (endpoints === undefined) return unavailable(issuer.issuer)
  // RFC 9207 §2.4: an answer that another issuer sent (mix-up) goes no further.
  const iss = query.get('iss')
  if (iss === undefined ? endpoints.namesItself : iss !== issuer.issuer) return over()
  const code = query.get('code')
  if (query.get('error') !== undefined || code === undefined)
    return refused('the issuer did not sign you in')
  const redirectUri = consoleCallbackUrl(ports.gateway)
  const { codeVerifier, nonce, to } = underWay
  const grant = { kind: 'code', code, codeVerifier, redirectUri } as const
  const signedIn = await redeemSignIn(ports, issuer, grant, nonce, now)
  if (signedIn.ok) return ok({ signedIn: signedIn.value, to })
  const { error, description } = signedIn.error
  return error === 'temporarily_unavailable' ? unavailable(issuer.issuer) : refused(description)
}

function isSame(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const over = (): Result<never, SignInProblem> =>
  err({
    problem: 'over',
    words: 'this sign-in is not known to this browser, or took too long; start again',
  })

const refused = (words: string): Result<never, SignInProblem> => err({ problem: 'refused', words })

const unavailable = (issuer: string): Result<never, SignInProblem> =>
  err({ problem: 'unavailable', words: `the issuer does not answer; try again: \`${issuer}\`` })
