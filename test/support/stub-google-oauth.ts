import { type KeyObject, randomBytes, verify } from 'node:crypto'

import { jsonReply } from './stub-replies.ts'
import { type Respond, type StubRequest, startStubUpstream } from './stub-upstream.ts'

export interface StubGoogleOauth {
  /** `token_uri` for keys; its path is `/token`. */
  readonly tokenUri: string
  /** Base URL of IAM Credentials. */
  readonly iamCredentials: URL
  readonly requests: StubRequest[]
  /** Every access token handed out. None of them may show up anywhere but in `authorization`. */
  readonly issued: string[]
  /** Accepts assertions of this account's key from now on. */
  trust(account: { readonly keyId: string; readonly publicKey: KeyObject }): void
  /** Tokens last so long from now on. Default 3,600. */
  lifetimeSeconds: number
  /** Answers with this from now on; without it, as Google does. */
  fail(respond?: Respond): void
  close(): Promise<void>
}

/** The own identity that may impersonate at the stub. */
export const OWN_TOKEN = 'ya29.own-identity-canary'

/**
 * Google's token endpoint for service-account keys (RFC 7523), which verifies the assertion, and
 * IAM Credentials' `generateAccessToken`.
 */
export async function startStubGoogleOauth(now: () => number): Promise<StubGoogleOauth> {
  const keys = new Map<string, KeyObject>()
  const issued: string[] = []
  let fault: Respond | undefined

  const issue = (): string => {
    const token = `ya29.canary-${randomBytes(24).toString('base64url')}`
    issued.push(token)
    return token
  }
  const grant: Respond = (request, response) => {
    const form = new URLSearchParams(request.body.toString())
    const ours = form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const valid = ours && verifyAssertion(form.get('assertion') ?? '', keys, stub.tokenUri, now())
    return valid
      ? jsonReply(200, {
          access_token: issue(),
          expires_in: stub.lifetimeSeconds,
          token_type: 'Bearer',
        })(request, response)
      : jsonReply(400, {
          error: 'invalid_grant',
          error_description: 'Invalid JWT Signature.',
        })(request, response)
  }
  const generate: Respond = (request, response) => {
    if (request.headers.authorization !== `Bearer ${OWN_TOKEN}`)
      return jsonReply(403, {
        error: { code: 403, message: 'Permission denied', status: 'PERMISSION_DENIED' },
      })(request, response)
    const expireTime = new Date(now() + stub.lifetimeSeconds * 1000).toISOString()
    return jsonReply(200, { accessToken: issue(), expireTime })(request, response)
  }
  const server = await startStubUpstream((request, response) => {
    const respond = request.path === '/token' ? grant : generate
    return (fault ?? respond)(request, response)
  })
  const stub: StubGoogleOauth = {
    tokenUri: new URL('/token', server.url).href,
    iamCredentials: server.url,
    requests: server.requests,
    issued,
    trust: (account) => keys.set(account.keyId, account.publicKey),
    lifetimeSeconds: 3600,
    fail: (respond) => {
      fault = respond
    },
    close: () => server.close(),
  }
  return stub
}

/** What Google checks: signature, key, audience, scope, and not longer than an hour. */
function verifyAssertion(
  assertion: string,
  keys: ReadonlyMap<string, KeyObject>,
  tokenUri: string,
  now: number,
): boolean {
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const { alg, kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
  const { aud, iat, exp, iss, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const key = keys.get(kid)
  return (
    key !== undefined &&
    alg === 'RS256' &&
    aud === tokenUri &&
    exp - iat <= 3600 &&
    iat * 1000 <= now + 1000 &&
    exp * 1000 > now &&
    iss.endsWith('.gserviceaccount.com') &&
    scope === 'https://www.googleapis.com/auth/bigquery' &&
    verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))
  )
}
