import type { Principal } from '../../identity/principal.ts'
import { type Result, ok } from '../../kernel/result.ts'
import type { AuditPorts } from '../audit-ports.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import { type PageOf, pageTokens } from './page-token.ts'
import { type ReadsAs, readsAs } from './reads-as.ts'

/** A list that somebody asks for, page by page. */
export interface Paged<F> {
  readonly as: ReadsAs
  readonly filter: F
  readonly limit: number
  /** Where the page begins; undefined for the first. */
  readonly before: string | undefined
  /** The token of the page that begins there; undefined for none. */
  readonly tokenOf: (before: string | undefined) => string | undefined
}

/** What part of a list somebody asks for, if their page token is one of ours, for them and for this filter. */
export function readPaged<
  Q extends { readonly pageToken?: string | undefined; readonly pageSize: number },
>(
  ports: AuditPorts,
  principal: Principal,
  what: string,
  query: Q,
): Result<Paged<Omit<Q, 'pageToken' | 'pageSize'>>, AuditRefusal> {
  const policy = ports.policy()
  if (!policy.ok) return { ok: false, error: { problem: 'not-ready' } }
  const { pageToken, pageSize: limit, ...filter } = query
  const as = readsAs(principal, policy.value)
  const tokens = pageTokens(ports.digestKey)
  const of: PageOf = { principal, what, filter: { ...filter, only: as.only } }
  const before = pageToken === undefined ? ok(undefined) : tokens.open(pageToken, of)
  if (!before.ok) return before
  return ok({
    as,
    filter,
    limit,
    before: before.value,
    tokenOf: (cursor) => (cursor === undefined ? undefined : tokens.seal(cursor, of)),
  })
}
