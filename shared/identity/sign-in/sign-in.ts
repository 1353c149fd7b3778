import { z } from 'zod'

import { IssuerUnreachable } from '../key-sets.ts'
import type { Form } from '../oauth-problem.ts'
import type { Trust } from '../token-verifier.ts'
import type { TrustedIssuer } from '../trusted-issuer.ts'
import { parseAuthorizationRequest } from './authorization-request.ts'
import { type SignInIssuer, authorizationUrl } from './authorization-url.ts'
import { type BrowserReply, backToClient, over } from './browser-reply.ts'
import type { IssuerClient, SignInEndpoints } from './issuer-client.ts'
import type { Sealer } from './sealer.ts'

/** What people's sign-in needs of the world. */
export interface SignInPorts extends Trust {
  /** The gateway's URL, without a slash at the end. */
  readonly gateway: string
  readonly issuerClient: IssuerClient
  readonly sealer: Sealer
  /** 256 random bits, base64url, different each time. */
  readonly randomToken: () => string
}

/** How long a person may take at the issuer's login page. */
const LOGIN_MS = 10 * 60_000
/** How long gcloud may take to fetch the tokens (RFC 6749 §4.1.2). */
const CODE_MS = 60_000

const Login = z.strictObject({
  issuer: z.string(),
  redirectUri: z.string(),
  state: z.string(),
  codeChallenge: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
})

/** What the code that gcloud gets stands for. */
export const SignInCode = z.strictObject({
  issuer: z.string(),
  redirectUri: z.string(),
  codeChallenge: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
  /** The issuer's own code; that it works once makes ours work once. */
  code: z.string(),
})

/** The browser's part of `gcloud auth login --login-config`: to the issuer's login page and back. */
export interface SignIn {
  /** `GET /v1/authorize`, from gcloud: sends the browser to the issuer. */
  readonly authorize: (query: Form, now: number) => Promise<BrowserReply>
  /** `GET /v1/callback`, from the issuer: sends the browser to gcloud. */
  readonly callback: (query: Form, now: number) => Promise<BrowserReply>
}

/**
 * An authorization server that leaves the login to the company's issuer. It remembers nothing: what
 * is needed later travels sealed, and a code cannot be used without gcloud's PKCE verifier.
 */
export function signIn(ports: SignInPorts): SignIn {
  const { gateway, issuers, issuerClient, sealer } = ports
  const redirectUri = callbackUrl(gateway)

  return {
    authorize: async (query, now) => {
      const parsed = parseAuthorizationRequest(query)
      if (!parsed.ok) {
        const problem = parsed.error
        return problem.to === 'person'
          ? { kind: 'page', status: 400, message: problem.description }
          : backToClient(gateway, problem.redirectUri, problem.state, {
              error: problem.error,
              error_description: problem.description,
            })
      }
      const request = parsed.value
      const issuer = signInIssuer(issuers, request.issuer)
      if (issuer === undefined)
        return backToClient(gateway, request.redirectUri, request.state, {
          error: 'unauthorized_client',
          error_description: 'policy has no sign-in client for this issuer',
        })
      const endpoints = await endpointsOf(issuerClient, issuer.issuer)
      if (endpoints === undefined)
        return backToClient(gateway, request.redirectUri, request.state, unavailable(issuer.issuer))

      const codeVerifier = ports.randomToken()
      const nonce = ports.randomToken()
      const login: z.output<typeof Login> = {
        issuer: issuer.issuer,
        redirectUri: request.redirectUri,
        state: request.state,
        codeChallenge: request.codeChallenge,
        codeVerifier,
        nonce,
      }
      const state = await sealer.seal('state', login, now + LOGIN_MS)
      return {
        kind: 'redirect',
        location: authorizationUrl(issuer, endpoints, { redirectUri, state, nonce, codeVerifier }),
      }
    },

    callback: async (query, now) => {
      const login = await sealer.open('state', query.get('state') ?? '', Login, now)
      if (login === undefined) return over()
      const endpoints = await endpointsOf(issuerClient, login.issuer)
      if (endpoints === undefined)
        return backToClient(gateway, login.redirectUri, login.state, unavailable(login.issuer))
      // RFC 9207 §2.4: an answer that another issuer sent (mix-up) goes no further.
      const iss = query.get('iss')
      if (iss === undefined ? endpoints.namesItself : iss !== login.issuer) return over()

      const error = query.get('error')
      const code = query.get('code')
      if (error !== undefined)
        return backToClient(gateway, login.redirectUri, login.state, {
          error: error === 'access_denied' ? error : 'server_error',
          error_description: 'the issuer did not sign you in',
        })
      if (code === undefined) return over()
      const { state, ...rest } = login
      const content: z.output<typeof SignInCode> = { ...rest, code }
      return backToClient(gateway, login.redirectUri, state, {
        code: await sealer.seal('code', content, now + CODE_MS),
      })
    },
  }
}

/** Where an issuer sends people back to; what its client registration must name. */
export function callbackUrl(gateway: string): string {
  return `${gateway}/v1/callback`
}

/** The issuer to sign in at: the named one, else the first with a sign-in client. */
export function signInIssuer(
  issuers: readonly TrustedIssuer[],
  named: string | undefined,
): SignInIssuer | undefined {
  return signInIssuers(issuers).find(({ issuer }) => named === undefined || named === issuer)
}

/** The issuers at which people can sign in, in the order of policy. */
export function signInIssuers(issuers: readonly TrustedIssuer[]): readonly SignInIssuer[] {
  return issuers.flatMap((issuer) =>
    issuer.signIn === undefined ? [] : [{ ...issuer, signIn: issuer.signIn }],
  )
}

/** What an issuer says of its endpoints; undefined when it does not answer. */
export async function endpointsOf(
  client: IssuerClient,
  issuer: string,
): Promise<SignInEndpoints | undefined> {
  try {
    return await client.endpoints(issuer)
  } catch (cause) {
    if (cause instanceof IssuerUnreachable) return undefined
    throw cause
  }
}

const unavailable = (issuer: string): Readonly<Record<string, string>> => ({
  error: 'temporarily_unavailable',
  error_description: `the issuer does not answer; try again: \`${issuer}\``,
})
