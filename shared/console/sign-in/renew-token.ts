import { redeemSignIn } from '../../identity/sign-in/redeem-sign-in.ts'
import { type SignInPorts, signInIssuer } from '../../identity/sign-in/sign-in.ts'
import type { BrowserSession } from './browser-session.ts'

/** A token that ends within this is renewed: what is asked with it must not end halfway. */
const ENDS_SOON_MS = 60_000

type Renewed = BrowserSession | 'refused' | 'unavailable'

/** Under way in this instance, by key: an issuer that rotates refresh tokens takes each once. */
const underWay = new Map<string, Promise<Renewed>>()

/**
 * The session with a token that is good for a while: the same where it already has one, else what its issuer vouches for now.
 * `refused`: it does not vouch for them any more, or never said how to ask; `unavailable`: it does not answer.
 */
export async function renewToken(
  ports: SignInPorts,
  key: string,
  session: BrowserSession,
  now: number,
): Promise<Renewed> {
  if (session.tokenUntil - now > ENDS_SOON_MS) return session
  if (session.refreshToken === undefined) return now < session.tokenUntil ? session : 'refused'
  const before = underWay.get(key)
  if (before !== undefined) return before
  const renewing = renew(ports, session, session.refreshToken, now).finally(() =>
    underWay.delete(key),
  )
  underWay.set(key, renewing)
  const renewed = await renewing
  return renewed === 'unavailable' && now < session.tokenUntil ? session : renewed
}

async function renew(
  ports: SignInPorts,
  session: BrowserSession,
  refreshToken: string,
  now: number,
): Promise<Renewed> {
  const issuer = signInIssuer(ports.issuers, session.issuer)
  if (issuer === undefined) return 'refused'
  const grant = { kind: 'refresh', refreshToken } as const
  const redeemed = await redeemSignIn(ports, issuer, grant, undefined, now)
  if (!redeemed.ok)
    return redeemed.error.error === 'temporarily_unavailable' ? 'unavailable' : 'refused'
  const { vouched, until, refreshToken: next = refreshToken } = redeemed.value
  // OIDC Core §12.2.
  if (vouched.subject !== session.subject) return 'refused'
  const issued = await ports.ownTokens.issue({ ...vouched, lifetime: session.lifetime }, until, now)
  if (issued === undefined) return 'refused'
  const tokenUntil = now + issued.expiresInSeconds * 1000
  return { ...session, token: issued.token, tokenUntil, refreshToken: next }
}
