import type { BigQueryCall } from '../bigquery/call.ts'
import type { Brand } from '../kernel/brand.ts'
import type { ReleaseTerms } from './release-terms.ts'
import type { Traced } from './traced.ts'

/**
 * A call the record knows about: the only thing the upstream makes. Minted by `recordRequest` once
 * the request entry is durable, and by `resume` and `about` for calls it covers as well.
 */
export type RecordedPermit = Brand<
  {
    /** With the label commitment in place. */
    readonly call: BigQueryCall
    /** `require-approval`: with leave that people gave, or a dry run, which needs none. */
    readonly effect: 'permit' | 'require-approval'
    /** Id of the connection in policy that makes the call. */
    readonly connection: string
    readonly callId: string
    /** The grant whose leave it has; undefined where policy permits. */
    readonly grant: string | undefined
    /** Hash of the request entry, hex. */
    readonly request: string
    /** SHA-256, hex, of the canonical JSON of the call as sent to BigQuery, labels aside. */
    readonly effectiveDigest: string
    /** Somebody made this very call before, under the same entry: the client repeats itself. */
    readonly repeated: boolean
    /** When the request entry was written, epoch milliseconds. */
    readonly recordedAt: number
    readonly release: ReleaseTerms
    /** What traces may say of it; undefined: no more than its method and its project. */
    readonly traced?: Traced | undefined
  },
  'RecordedPermit'
>
