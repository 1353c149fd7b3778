import { Client } from 'undici'

import { CredentialUnavailable } from '../secret-manager/credential-unavailable.ts'
import { parseBase } from './build-request.ts'
import { send } from './send.ts'

const TIMEOUT_MS = 4000
const MAX_REPLY_BYTES = 65_536

/** What a token must be made of: what a header may hold. */
export const ACCESS_TOKEN = /^[\x21-\x7e]{1,8192}$/

/**
 * The JSON a token endpoint answers to one POST with 200. Over a connection of its own, which is
 * closed then: this happens once an hour. Rejects with `CredentialUnavailable`, within 4 s.
 */
export async function requestToken(
  endpoint: URL,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<unknown> {
  const { origin, prefix } = parseBase(endpoint)
  const client = new Client(origin, { allowH2: false, connectTimeout: TIMEOUT_MS })
  try {
    const answer = await send(
      client,
      {
        method: 'POST',
        path: prefix,
        headers: { accept: 'application/json', 'user-agent': 'sluice', ...request.headers },
        body: request.body,
      },
      {
        signal: new AbortController().signal,
        timeoutMs: TIMEOUT_MS,
        maxReplyBytes: MAX_REPLY_BYTES,
      },
    )
    if (!answer.ok) throw new CredentialUnavailable('token-endpoint-unavailable')
    const { status, body } = answer.value
    // 408 and 429 are about us being slow or many, not about the credential.
    if (status >= 400 && status < 500 && status !== 408 && status !== 429)
      throw new CredentialUnavailable('token-refused')
    if (status !== 200) throw new CredentialUnavailable('token-endpoint-unavailable')
    return parseJson(body)
  } finally {
    void client.destroy()
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    // What JSON.parse complains about is quoted, and may be half a token.
    throw new CredentialUnavailable('token-endpoint-unavailable')
  }
}
