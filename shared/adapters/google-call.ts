import { setTimeout as wait } from 'node:timers/promises'

import type { OwnIdentity } from './bigquery/impersonated-credential.ts'
import { NoReply, type WholeReply, type WholeRequest, wholeReply } from './whole-reply.ts'

export interface GoogleCallOptions {
  /** Whose rights are used. */
  readonly ownIdentity: OwnIdentity
  /** Default Google's; another one is for tests. Who controls it receives the credential. */
  readonly baseUrl?: URL
  /** For one try. Default 20,000. */
  readonly timeoutMs?: number
  /** Before each further try. */
  readonly pausesMs?: readonly number[]
}

/** A request that may be made twice. */
export interface GoogleRequest extends Omit<WholeRequest, 'headers'> {
  /** With its query. */
  readonly path: string
  readonly contentType?: string
}

/**
 * The answer to a request, whatever its status; asked again where the service is busy or does not answer. Rejects when
 * it still is, with `NoReply` or `CredentialUnavailable`, and never with words of others.
 */
export type GoogleCall = (request: GoogleRequest) => Promise<WholeReply>

/** Which service is called, and how much it answers at most. */
interface Service {
  /** As messages name it. */
  readonly name: string
  readonly url: URL
  readonly maxBytes: number
  /** Before each further try, unless the options say otherwise. */
  readonly pausesMs: readonly number[]
}

/** Calls one of Google's services over its JSON API, as Sluice's own identity. */
export function googleCall(
  service: Service,
  {
    ownIdentity,
    baseUrl = service.url,
    timeoutMs = 20_000,
    pausesMs = service.pausesMs,
  }: GoogleCallOptions,
): GoogleCall {
  const attempt = async ({ method, path, contentType, body }: GoogleRequest) => {
    const token = await ownIdentity()
    const headers = {
      // Ours are compressed where it pays, and checksums are of what is stored.
      'accept-encoding': 'identity',
      authorization: `Bearer ${token.reveal()}`,
      'user-agent': 'sluice',
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    }
    const limits = { signal: AbortSignal.timeout(timeoutMs), maxBytes: service.maxBytes }
    const request = { method, headers, ...(body === undefined ? {} : { body }) }
    return wholeReply(new URL(path, baseUrl).href, request, limits)
  }

  return async (request) => {
    for (const pause of pausesMs) {
      // oxlint-disable-next-line no-await-in-loop -- each is for when the one before failed
      const answered = await attempt(request).catch(unanswered)
      if (!(answered instanceof NoReply) && !isPassing(answered.status)) return answered
      // oxlint-disable-next-line no-await-in-loop
      await wait(pause)
    }
    const last = await attempt(request)
    if (isPassing(last.status))
      throw new NoReply(`${service.name} is busy: status \`${last.status}\``)
    return last
  }
}

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500

function unanswered(cause: unknown): NoReply {
  if (cause instanceof NoReply) return cause
  throw cause
}
