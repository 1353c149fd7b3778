import { createHash } from 'node:crypto'

import type { CatalogSource } from '../analysis/analysis.ts'
import type { Json } from '../bigquery/call.ts'
import type { PrincipalFacts } from '../identity/principal.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { Decision } from '../policy/decision.ts'

/**
 * Everything that decides what a query does and for whom. What people approve is this, by its digest:
 * when any of it is different at the start, it is not what they approved. Plain JSON.
 */
export interface EffectiveRequest {
  /** Whatever token they came with. */
  readonly principal: Omit<PrincipalFacts, 'credential'>
  /** Id of the session. */
  readonly session: string
  readonly projectId: string
  readonly location: string | undefined
  /** Canonical: every name in full. */
  readonly sql: string
  readonly defaultDataset: { readonly projectId: string; readonly datasetId: string } | undefined
  /** As the request has them. */
  readonly parameters: readonly Json[]
  readonly parameterMode: string | undefined
  /** As the client asked for them; BigQuery gets the stricter of these and `obligations`. */
  readonly options: {
    readonly maximumBytesBilled: string | undefined
    readonly jobTimeoutMs: string | undefined
    readonly useQueryCache: boolean | undefined
    readonly priority: string | undefined
    readonly labels: Readonly<Record<string, string>>
  }
  readonly justification: string | undefined
  /** The rules that matched, what they ask, and the digest of the policy they are in. */
  readonly decision: Extract<Decision, { effect: 'require-approval' }>
  /** What it reads, with its etag. */
  readonly sources: readonly Pick<CatalogSource, 'kind' | 'name' | 'etag'>[]
}

/** SHA-256, hex. Throws `TypeError` for a request without canonical JSON. */
export function requestDigest(request: EffectiveRequest): string {
  return createHash('sha256').update(canonicalJson(request)).digest('hex')
}
