import type { BigQueryCall } from '../../bigquery/call.ts'
import type { Clock } from '../../kernel/clock.ts'
import { err, ok, type Result } from '../../kernel/result.ts'
import type { Traced } from '../../recording/traced.ts'
import type { UpstreamProblem, UpstreamReply } from '../../upstream/upstream.ts'
import { CredentialUnavailable } from '../secret-manager/credential-unavailable.ts'
import { buildRequest, parseBase } from './build-request.ts'
import { connectionPool } from './connection-pool.ts'
import type { Credential, CredentialProvider } from './credential.ts'
import { inExchangeSpan } from './in-exchange-span.ts'
import { type Answer, send } from './send.ts'
import { waitFor } from './wait-for.ts'

export interface ExchangeOptions {
  /** Default BigQuery. Who controls it receives the credentials of all connections. */
  readonly baseUrl?: URL
  /** The credential of a connection in policy. Throws for one that is not there. */
  readonly credentials: (connectionId: string) => CredentialProvider
  readonly clock: Clock
  /** Largest reply, before and after decoding. Default 32 MiB, what a Cloud Function can hand on. */
  readonly maxReplyBytes?: number
  /** Default 5,000. */
  readonly connectTimeoutMs?: number
  /** Default 60,000. */
  readonly keepAliveMs?: number
  /** Most requests under way at once; others wait. Default 256. */
  readonly connections?: number
}

export interface Exchange {
  /**
   * As the `Upstream` port says, for any call: who may make which is for those to know who have one. `traced` is what a trace
   * may say of it.
   */
  readonly call: (
    connection: string,
    call: BigQueryCall,
    limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
    traced?: Traced,
  ) => Promise<Result<UpstreamReply, UpstreamProblem>>
  readonly close: () => Promise<void>
}

/**
 * Calls to BigQuery over HTTP/1.1 keep-alive connections. Everything on the wire is rebuilt from the call:
 * no header, path or byte of a client is forwarded. `timeoutMs` holds for the whole call.
 */
export function bigQueryExchange(options: ExchangeOptions): Exchange {
  const { credentials, clock, maxReplyBytes = 32 * 1024 * 1024 } = options
  const base = parseBase(options.baseUrl ?? new URL('https://bigquery.googleapis.com'))
  const pool = connectionPool({
    origin: base.origin,
    clock,
    connectTimeoutMs: options.connectTimeoutMs ?? 5000,
    keepAliveMs: options.keepAliveMs ?? 60_000,
    connections: options.connections ?? 256,
  })

  const exchange: Exchange['call'] = async (connection, asked, { signal, timeoutMs }) => {
    if (signal.aborted) return err({ problem: 'caller-gone', mayHaveRun: false })
    // Monotonic: a corrected clock must not cut calls short.
    const endTime = performance.now() + timeoutMs
    const provider = credentials(connection)
    let refused: Credential | undefined
    for (;;) {
      const credential = await obtain(provider, signal, endTime - performance.now())
      if (!credential.ok) return credential
      const { accessToken } = credential.value
      // The provider has none that is fresher: it fetched this one a moment ago, or there is none.
      if (refused !== undefined && refused.accessToken === accessToken) return credentialRefused
      const answer = await send(pool.dispatcher(), buildRequest(base, asked, accessToken), {
        signal,
        timeoutMs: endTime - performance.now(),
        maxReplyBytes,
      })
      if (!answer.ok) return answer
      if (answer.value.status !== 401) return accept(answer.value, credential.value)
      if (refused !== undefined) return credentialRefused
      refused = credential.value
      if (accessToken !== undefined) provider.invalidate(accessToken)
    }
  }
  return {
    call: (connection, asked, limits, traced) =>
      inExchangeSpan(base, asked, traced, () => exchange(connection, asked, limits)),
    close: () => pool.close(),
  }
}

const credentialRefused = err<UpstreamProblem>({ problem: 'credential-refused', mayHaveRun: false })

/** A credential in time. At this point nothing was sent, or only what BigQuery answered with 401. */
async function obtain(
  provider: CredentialProvider,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Result<Credential, UpstreamProblem>> {
  try {
    const credential = await waitFor(provider.token(), signal, timeoutMs)
    if (credential.ok) return credential
    return credential.error === 'caller-gone'
      ? err({ problem: 'caller-gone', mayHaveRun: false })
      : err({ problem: 'credential-unavailable', mayHaveRun: false, detail: 'no token in time' })
  } catch (cause) {
    if (!(cause instanceof CredentialUnavailable)) throw cause
    return err({ problem: 'credential-unavailable', mayHaveRun: false, detail: cause.problem })
  }
}

/** BigQuery always answers JSON; a success that is something else came from something else. */
function accept(answer: Answer, credential: Credential): Result<UpstreamReply, UpstreamProblem> {
  const { status, contentType, body } = answer
  if (status >= 300 && status < 400) return garbled('redirect')
  if (status < 300 && !/^application\/json\s*(?:;|$)/i.test(contentType ?? ''))
    return garbled('not JSON')
  // A proxy that echoes the request in its error page would hand our credential to the caller.
  const accessToken = credential.accessToken?.reveal()
  if (status >= 400 && accessToken !== undefined && body.includes(accessToken))
    return garbled('quotes the credential')
  return ok({ status, contentType, body, credentialVersion: credential.version })
}

const garbled = (detail: string): Result<never, UpstreamProblem> =>
  err({ problem: 'upstream-garbled', mayHaveRun: true, detail })
