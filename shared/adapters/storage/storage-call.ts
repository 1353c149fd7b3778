import { setTimeout as wait } from 'node:timers/promises'

import type { OwnIdentity } from '../bigquery/impersonated-credential.ts'
import { NoReply, type WholeReply, type WholeRequest, wholeReply } from '../whole-reply.ts'

export interface StorageCallOptions {
  /** Whose rights are used; it needs to create, get, list and delete objects. */
  readonly ownIdentity: OwnIdentity
  /** Default Cloud Storage; another one is for tests. Who controls it receives the credential. */
  readonly baseUrl?: URL
  /** For one try. Default 20,000. */
  readonly timeoutMs?: number
  /** Before each further try. */
  readonly pausesMs?: readonly number[]
}

/** A request that may be made twice. */
export interface StorageRequest extends Omit<WholeRequest, 'headers'> {
  /** With its query. */
  readonly path: string
  readonly contentType?: string
}

/**
 * The answer to a request, whatever its status; asked again where Cloud Storage is busy or does not answer, as its retry
 * strategy says. Rejects when it still is, with `NoReply` or `CredentialUnavailable`, and never with words of others.
 */
export type StorageCall = (request: StorageRequest) => Promise<WholeReply>

/** An object may be written once a second. */
const PAUSES_MS = [500, 1500, 4000]

/** Staged batches are the largest. */
const MAX_OBJECT_BYTES = 256 * 1024 * 1024

/** https://cloud.google.com/storage/docs/retry-strategy */
export function storageCall({
  ownIdentity,
  baseUrl = new URL('https://storage.googleapis.com'),
  timeoutMs = 20_000,
  pausesMs = PAUSES_MS,
}: StorageCallOptions): StorageCall {
  const attempt = async ({ method, path, contentType, body }: StorageRequest) => {
    const token = await ownIdentity()
    const headers = {
      // Ours are compressed where it pays, and checksums are of what is stored.
      'accept-encoding': 'identity',
      authorization: `Bearer ${token.reveal()}`,
      'user-agent': 'sluice',
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    }
    const limits = { signal: AbortSignal.timeout(timeoutMs), maxBytes: MAX_OBJECT_BYTES }
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
      throw new NoReply(`cloud storage is busy: status \`${last.status}\``)
    return last
  }
}

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500

function unanswered(cause: unknown): NoReply {
  if (cause instanceof NoReply) return cause
  throw cause
}
