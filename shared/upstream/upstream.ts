import type { Result } from '../kernel/result.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'

/** BigQuery's answer, whatever its status. The body is decoded (never gzip) and complete. */
export interface UpstreamReply {
  readonly status: number
  readonly contentType: string | undefined
  readonly body: Buffer
  /**
   * The resolved Secret Manager version, `impersonated:<account>` or `none`. Recorded; undefined for
   * a reply that the gateway put together itself.
   */
  readonly credentialVersion: string | undefined
}

/** Why there is no answer from BigQuery. `mayHaveRun` is the part that decides what a client may retry. */
export interface UpstreamProblem {
  readonly problem:
    /** Connection refused, reset, or closed before an answer. */
    | 'upstream-unreachable'
    /** No answer within `timeoutMs`. */
    | 'upstream-timeout'
    /** Not HTTP, not JSON, or larger than the cap. */
    | 'upstream-garbled'
    /** Secret Manager or the token endpoint gives no credential right now. */
    | 'credential-unavailable'
    /** BigQuery answered 401 also to a fresh credential. */
    | 'credential-refused'
    /** The caller went away; `signal` fired. */
    | 'caller-gone'
  /** False only when the request cannot have reached BigQuery, or BigQuery answered 401 to it. */
  readonly mayHaveRun: boolean
  /** For the log and the record, in fixed words: never what BigQuery or a credential said. */
  readonly detail?: string
}

/**
 * Port. Makes a permitted and recorded call with the connection's own credential.
 *
 * Resolves with any HTTP answer, 4xx and 5xx included. Never retries, but once after a 401.
 */
export type Upstream = (
  recorded: RecordedPermit,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
) => Promise<Result<UpstreamReply, UpstreamProblem>>
