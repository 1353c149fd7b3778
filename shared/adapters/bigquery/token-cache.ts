import type { Clock } from '../../kernel/clock.ts'
import { CredentialUnavailable } from '../secret-manager/credential-unavailable.ts'
import type { Redacted } from '../secret-manager/redacted.ts'
import type { CredentialProvider } from './credential.ts'

/** An access token and how long it serves. Instants are epoch milliseconds. */
export interface Grant {
  readonly accessToken: Redacted<string>
  readonly version: string
  /** From here on it is not used, whatever happens. */
  readonly expiresAt: number
  /** From here on a fetch is due; until `expiresAt` it serves should that fail. */
  readonly refreshAt: number
}

/** Another grant, or `previous` with a later `refreshAt`. Rejects with `CredentialUnavailable`. */
export type FetchGrant = (previous: Grant | undefined) => Promise<Grant>

/** How long before its expiry a token is replaced. */
export const SKEW_MS = 5 * 60_000

/** A failure is not repeated for so long: with nothing to serve, and with a token that still does. */
const RETRY_EMPTY_MS = 1000
const RETRY_SERVING_MS = 30_000

/** BigQuery refusing every token must not become a flood of token requests. */
const INVALIDATE_MS = 5000

/**
 * Serves one grant to everybody, and fetches the next one once for all who wait.
 *
 * An outage of the source is bridged with the token at hand, never past its expiry. A refusal is
 * not: whoever withdraws a credential stops Sluice at the next refresh.
 */
export function tokenCache(fetchGrant: FetchGrant, clock: Clock): CredentialProvider {
  let current: Grant | undefined
  let pending: Promise<Grant> | undefined
  let failure: { readonly cause: CredentialUnavailable; readonly at: number } | undefined
  let refused: { readonly accessToken: Redacted<string>; readonly at: number } | undefined

  const serving = (): Grant | undefined =>
    current !== undefined && clock() < current.expiresAt ? current : undefined

  const refresh = async (): Promise<Grant> => {
    try {
      let grant = await fetchGrant(serving())
      // It was refused while we asked whether it is still good.
      if (grant.accessToken === refused?.accessToken) grant = await fetchGrant(undefined)
      failure = undefined
      current = grant
      return grant
    } catch (cause) {
      if (!(cause instanceof CredentialUnavailable)) throw cause
      failure = { cause, at: clock() }
      if (cause.refused) current = undefined
      const grant = serving()
      if (grant === undefined) throw cause
      return grant
    } finally {
      pending = undefined
    }
  }

  return {
    token: async () => {
      const grant = serving()
      if (grant !== undefined && (clock() < grant.refreshAt || pending !== undefined)) return grant
      if (pending !== undefined) return pending
      const patience = grant === undefined ? RETRY_EMPTY_MS : RETRY_SERVING_MS
      if (failure !== undefined && clock() - failure.at < patience) {
        if (grant !== undefined) return grant
        throw failure.cause
      }
      pending = refresh()
      return pending
    },
    invalidate: (accessToken) => {
      if (current?.accessToken !== accessToken) return
      if (refused !== undefined && clock() - refused.at < INVALIDATE_MS) return
      refused = { accessToken, at: clock() }
      current = undefined
      failure = undefined
    },
  }
}
