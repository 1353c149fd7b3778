import { createHash } from 'node:crypto'

import type { BrowserSessions } from '../../identity/sign-in/browser-sessions.ts'
import type { SignedIn } from '../../identity/sign-in/redeem-sign-in.ts'
import type { SignInPorts } from '../../identity/sign-in/sign-in.ts'
import {
  type BrowserSession,
  LONGEST_MS,
  SEEN_EVERY_MS,
  browserSession,
  endOf,
} from './browser-session.ts'
import { renewToken } from './renew-token.ts'

/** What sessions of browsers ask of the world. */
export interface SessionPorts {
  readonly signIn: SignInPorts
  readonly sessions: BrowserSessions
}

/** Who somebody is to Sluice for one request. */
export interface LiveSession {
  readonly csrf: string
  /** Sluice's own, and good now. */
  readonly token: string
}

/** Why there is no session: nobody is signed in, or their issuer cannot say right now whether they still are. */
export type NoSession = 'none' | 'unavailable'

/**
 * Starts a session for somebody who has signed in. Returns what their browser keeps: 256 random bits, of which only a digest
 * is kept here. Undefined when what vouches for them has ended already.
 */
export async function startSession(
  { signIn, sessions }: SessionPorts,
  { vouched, until, refreshToken }: SignedIn,
  now: number,
): Promise<string | undefined> {
  const issued = await signIn.ownTokens.issue(vouched, until, now)
  if (issued === undefined) return undefined
  const { issuer, subject, lifetime } = vouched
  const session: BrowserSession = {
    csrf: signIn.randomToken(),
    startedAt: now,
    seenAt: now,
    token: issued.token,
    tokenUntil: now + issued.expiresInSeconds * 1000,
    issuer,
    subject,
    lifetime,
    refreshToken,
  }
  const id = signIn.randomToken()
  const sealed = await seal(signIn, session)
  if (!(await sessions.replace(keyOf(id), undefined, sealed, endOf(session))))
    throw new Error('a random id is taken')
  return id
}

/** The session a browser has, renewed where its token ends soon; `isInUse` is false for what a page asks by itself. */
export async function resumeSession(
  ports: SessionPorts,
  id: string,
  isInUse: boolean,
  now: number,
): Promise<LiveSession | NoSession> {
  const key = keyOf(id)
  const sealed = await ports.sessions.read(key)
  if (sealed === undefined) return 'none'
  const session = await open(ports.signIn, sealed, now)
  if (session === undefined || now >= endOf(session)) return 'none'
  const renewed = await renewToken(ports.signIn, key, session, now)
  if (renewed === 'refused') return afterRefusal(ports, key, sealed, now)
  if (renewed === 'unavailable') return 'unavailable'
  const seenAt = isInUse && now - session.seenAt >= SEEN_EVERY_MS ? now : session.seenAt
  if (renewed !== session || seenAt !== session.seenAt) {
    const after = { ...renewed, seenAt }
    // Somebody else may have been faster, or signed out: then it stays as they left it.
    await ports.sessions.replace(key, sealed, await seal(ports.signIn, after), endOf(after))
  }
  return { csrf: renewed.csrf, token: renewed.token }
}

/** Ends a session for every browser that has it, before it resolves. */
export function endSession(
  { sessions }: Pick<SessionPorts, 'sessions'>,
  id: string,
): Promise<void> {
  return sessions.remove(keyOf(id))
}

/** Another instance may have used the refresh token up a moment ago: then what it got is there by now. */
async function afterRefusal(
  { sessions, signIn }: SessionPorts,
  key: string,
  before: string,
  now: number,
): Promise<LiveSession | NoSession> {
  const sealed = await sessions.read(key)
  const session = sealed === undefined ? undefined : await open(signIn, sealed, now)
  if (sealed === before || session === undefined || now >= session.tokenUntil) {
    await sessions.remove(key)
    return 'none'
  }
  return { csrf: session.csrf, token: session.token }
}

/** Whoever reads the store cannot be anybody with what is there. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

function seal({ sealer }: SignInPorts, session: BrowserSession): Promise<string> {
  return sealer.seal('browser-session', session, session.startedAt + LONGEST_MS)
}

function open(
  { sealer }: SignInPorts,
  sealed: string,
  now: number,
): Promise<BrowserSession | undefined> {
  return sealer.open('browser-session', sealed, browserSession, now)
}
