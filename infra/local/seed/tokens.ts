import { z } from 'zod'

import { DIRECT_GRANT } from '../issuer/direct-grant.ts'
import type { Identity } from '../issuer/identities.ts'
import type { Stretch } from './step.ts'

/** Tokens last an hour; whoever is at work gets a new one in time. */
const RENEWED_AFTER_MS = 50 * 60_000
const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token'

export interface TokensOptions {
  readonly gateway: string
  readonly issuer: string
  readonly identities: readonly Identity[]
  readonly clock: () => number
}

/** Bearer tokens of those who work. */
export interface Tokens {
  /** That of a stretch of work, the same while it is good. Rejects when the issuer gives none. */
  of(by: Stretch): Promise<string>
  /** The last one of a stretch of this key, good or not. */
  last(key: string): string | undefined
}

/** The tokens that the local issuer, and the gateway in exchange, give. */
export function tokens(options: TokensOptions): Tokens {
  const kept = new Map<string, { readonly token: string; readonly since: number }>()
  return {
    of: async (by) => {
      const known = kept.get(by.key)
      const now = options.clock()
      if (known !== undefined && now - known.since < RENEWED_AFTER_MS) return known.token
      const token = await newToken(options, by)
      kept.set(by.key, { token, since: now })
      return token
    },
    last: (key) => kept.get(key)?.token,
  }
}

async function newToken(options: TokensOptions, { actor, claims }: Stretch): Promise<string> {
  const { id, client, actsFor } = actor
  const own = await signIn(options, id, client, claims)
  if (actsFor === undefined) return own
  // RFC 8693: the gateway gives it a token of the person, in which it stands as who acts.
  return post(`${options.gateway}/v1/token`, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: await signIn(options, actsFor),
    subject_token_type: TOKEN_TYPE,
    actor_token: own,
    actor_token_type: TOKEN_TYPE,
  })
}

function signIn(
  { issuer, identities }: TokensOptions,
  id: string,
  client?: string,
  claims: Readonly<Record<string, string>> = {},
): Promise<string> {
  const secretOf = (name: string): string => {
    const found = identities.find((identity) => identity.id === name)
    if (found === undefined) throw new Error(`no identity is named \`${name}\``)
    return found.secret
  }
  const isMachine = identities.some((identity) => identity.id === id && identity.kind === 'machine')
  const through = client === undefined ? {} : { client_secret: secretOf(client) }
  return post(
    `${issuer}/token`,
    isMachine
      ? {
          ...claims,
          grant_type: 'client_credentials',
          client_id: id,
          client_secret: secretOf(id),
        }
      : {
          grant_type: DIRECT_GRANT,
          client_id: client ?? 'sluice-cli',
          ...through,
          username: id,
          password: secretOf(id),
        },
  )
}

const TokenReply = z.object({ access_token: z.string() })

async function post(url: string, form: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
  const reply: unknown = await response.json()
  const token = TokenReply.safeParse(reply)
  if (!token.success) throw new Error(`no token of \`${url}\`: ${JSON.stringify(reply)}`)
  return token.data.access_token
}
