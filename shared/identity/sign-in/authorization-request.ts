import { type Result, err, ok } from '../../kernel/result.ts'
import type { Form } from '../oauth-problem.ts'

/** gcloud's public client, the only one that people sign in with here. */
export const GCLOUD_CLIENT_ID = '32555940559.apps.googleusercontent.com'

/** The part of gcloud's authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3) that matters. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  readonly codeChallenge: string
  /** Which of the policy's issuers to sign in at; absent: the first that has a sign-in client. */
  readonly issuer: string | undefined
}

/** Where an error goes: to gcloud, or, if it cannot be trusted to be gcloud, to the person. */
export type AuthorizationProblem =
  | { readonly to: 'person'; readonly description: string }
  | {
      readonly to: 'client'
      readonly redirectUri: string
      readonly state: string | undefined
      readonly error: string
      readonly description: string
    }

/** Parses the query of an authorization request; parameters not known are ignored (RFC 6749 §3.1). */
export function parseAuthorizationRequest(
  query: Form,
): Result<AuthorizationRequest, AuthorizationProblem> {
  const redirectUri = query.get('redirect_uri')
  const state = query.get('state')
  const codeChallenge = query.get('code_challenge')

  if (query.get('client_id') !== GCLOUD_CLIENT_ID)
    return err({ to: 'person', description: 'only gcloud signs people in here (client_id)' })
  // Never an open redirector: the code goes to a program on the person's own machine.
  if (redirectUri === undefined || !isLoopback(redirectUri))
    return err({
      to: 'person',
      description:
        'the redirect_uri must be http://localhost:PORT/; without a browser on the machine use gcloud auth login --no-browser',
    })

  const refuse = (error: string, description: string): Result<never, AuthorizationProblem> =>
    err({ to: 'client', redirectUri, state, error, description })
  if (query.get('response_type') !== 'code')
    return refuse('unsupported_response_type', 'response_type must be code')
  if (state === undefined || state.length > 1024)
    return refuse('invalid_request', 'state is required, of at most 1024 characters')
  if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(codeChallenge ?? ''))
    return refuse('invalid_request', 'a code_challenge with code_challenge_method S256 is required')
  return ok({
    redirectUri,
    state,
    codeChallenge: codeChallenge ?? '',
    issuer: query.get('issuer'),
  })
}

/** RFC 8252 §7.3, as gcloud does it: plain http, any port, nothing but the root. */
function isLoopback(uri: string): boolean {
  const port = /^http:\/\/(?:localhost|127\.0\.0\.1):([1-9]\d{0,4})\/$/.exec(uri)?.[1]
  return port !== undefined && Number(port) <= 65_535
}
