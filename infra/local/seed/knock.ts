import { SignJWT, generateKeyPair } from 'jose'

import type { Call } from './call.ts'
import type { KnockStep } from './step.ts'

const ANYTHING = '/bigquery/v2/projects/acme/datasets'

/** Asks for something with a token that nobody should believe; `oldToken` gives the one of a stretch of work. */
export async function knock(
  call: Call,
  { token, userAgent, address }: KnockStep,
  oldToken: (key: string) => string | undefined,
): ReturnType<Call> {
  const by = { actor: { id: 'nobody', userAgent }, key: 'nobody', address }
  const made = typeof token === 'string' ? await madeUp(token) : oldToken(token.expiredOf)
  return call({ by, path: ANYTHING, bearer: { token: made } })
}

async function madeUp(token: 'missing' | 'malformed' | 'stranger'): Promise<string | undefined> {
  switch (token) {
    case 'missing':
      return undefined
    case 'malformed':
      return 'ya29.a0AfB_byC-not-a-jwt'
    case 'stranger':
      return signed('https://login.elsewhere.example')
  }
}

/** Of an issuer that the policy does not name. */
async function signed(issuer: string): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256')
  return new SignJWT({ sub: 'mallory' })
    .setProtectedHeader({ alg: 'ES256', kid: 'theirs' })
    .setIssuer(issuer)
    .setAudience('sluice')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)
}
