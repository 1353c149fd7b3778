import { type KeyObject, createHmac, timingSafeEqual } from 'node:crypto'

import { type Result, err, ok } from '../../kernel/result.ts'

export type SignatureProblem = 'not-signed' | 'stale' | 'signature-wrong' | 'replayed'

const WINDOW_SECONDS = 300
/** From the first moment a timestamp is good to the last. */
const REMEMBERED_MS = 2 * WINDOW_SECONDS * 1000
const MOST_REMEMBERED = 10_000
/** Slack's have 32 characters. */
const SHORTEST_SECRET_BYTES = 16

/** What came with a request: Slack's headers, and the bytes of its body. */
export interface Signed {
  readonly timestamp: string | undefined
  readonly signature: string | undefined
  readonly body: Uint8Array
}

/**
 * Verifies that Slack sent a request, lately, and not to this instance already; `now` is epoch milliseconds. Any of
 * the secrets will do, so that one can be replaced. Throws for a secret that anybody could guess, or for none.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function slackSignatures(
  secrets: readonly KeyObject[],
): (signed: Signed, now: number) => Result<undefined, SignatureProblem> {
  if (secrets.length === 0 || secrets.some(isTooShort))
    throw new TypeError('the signing secret of the Slack app is missing or too short')
  const seen = new Map<string, number>()

  return ({ timestamp, signature, body }, now) => {
    if (!/^[0-9]{1,12}$/.test(timestamp ?? '') || !/^v0=[0-9a-f]{64}$/.test(signature ?? ''))
      return err('not-signed')
    if (Math.abs(now / 1000 - Number(timestamp)) > WINDOW_SECONDS) return err('stale')
    const given = Buffer.from(signature ?? '')
    const matches = secrets.map((secret) => {
      const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body)
      return timingSafeEqual(given, Buffer.from(`v0=${hmac.digest('hex')}`))
    })
    if (!matches.includes(true)) return err('signature-wrong')
    forget(seen, now)
    if (seen.has(given.toString())) return err('replayed')
    seen.set(given.toString(), now)
    return ok(undefined)
  }
}

/** Oldest first: what is too old, and what is too much. Only Slack can make it too much. */
function forget(seen: Map<string, number>, now: number): void {
  for (const [signature, at] of seen) {
    if (now - at <= REMEMBERED_MS && seen.size < MOST_REMEMBERED) break
    seen.delete(signature)
  }
}

function isTooShort(secret: KeyObject): boolean {
  return (secret.symmetricKeySize ?? 0) < SHORTEST_SECRET_BYTES
}
