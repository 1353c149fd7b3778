import type { IncomingHttpHeaders } from 'node:http'

import type { Dispatcher } from 'undici'

import { err, ok, type Result } from '../../kernel/result.ts'
import type { UpstreamProblem } from '../../upstream/upstream.ts'
import { decodeBody } from './decode-body.ts'

/** An HTTP answer with its body complete and decoded. */
export interface Answer {
  readonly status: number
  readonly contentType: string | undefined
  readonly body: Buffer
}

export interface SendLimits {
  readonly signal: AbortSignal
  /** For everything: waiting for a connection, connecting, sending, and the whole answer. */
  readonly timeoutMs: number
  /** Of the body, before and after decoding. */
  readonly maxReplyBytes: number
}

/**
 * Sends one request at most once and collects the answer, whatever its status. Redirects are not
 * followed. A problem says exactly whether a byte of the request may have been written.
 * Rejects only with a bug.
 */
export async function send(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  limits: SendLimits,
): Promise<Result<Answer, UpstreamProblem>> {
  if (limits.signal.aborted) return err({ problem: 'caller-gone', mayHaveRun: false })
  if (limits.timeoutMs <= 0) return err({ problem: 'upstream-timeout', mayHaveRun: false })
  const exchange = new Exchange(limits)
  dispatcher.dispatch(request, exchange)
  const outcome = await exchange.outcome
  if (!outcome.ok) return outcome
  const { status, contentType, contentEncoding, bytes } = outcome.value
  const body = await decodeBody(bytes, contentEncoding, limits.maxReplyBytes)
  return body === undefined
    ? err({ problem: 'upstream-garbled', mayHaveRun: true, detail: 'body does not decode' })
    : ok({ status, contentType, body })
}

interface Received {
  readonly status: number
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly bytes: Buffer
}

/** undici's view of one request. It calls `onRequestStart` right before the first byte is written. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly outcome: Promise<Result<Received, UpstreamProblem>>
  readonly #limits: SendLimits
  readonly #resolve: (outcome: Result<Received, UpstreamProblem>) => void
  readonly #reject: (cause: Error) => void
  readonly #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #status = 0
  #headers: IncomingHttpHeaders = {}
  #chunks: Buffer[] = []
  #length = 0
  /** Holds the whole body when its length is known and it does not come in one piece. */
  #whole: Buffer | undefined

  constructor(limits: SendLimits) {
    this.#limits = limits
    const { promise, resolve, reject } = Promise.withResolvers<Result<Received, UpstreamProblem>>()
    this.outcome = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#timer = setTimeout(() => this.#fail('upstream-timeout'), limits.timeoutMs)
    limits.signal.addEventListener('abort', this.#callerGone, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) return controller.abort(stop)
    // undici puts requests back in line after some resets. A query must never be sent twice.
    if (this.#controller !== undefined) {
      this.#fail('upstream-unreachable', 'connection lost')
      return controller.abort(stop)
    }
    this.#controller = controller
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return
    this.#status = status
    this.#headers = headers
    if (Number(headers['content-length']) > this.#limits.maxReplyBytes) this.#tooLarge()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    const at = this.#length
    this.#length += chunk.length
    if (this.#length > this.#limits.maxReplyBytes) return this.#tooLarge()
    const expected = Number(this.#headers['content-length'])
    if (chunk.length < expected) this.#whole ??= Buffer.allocUnsafe(expected)
    if (this.#whole === undefined) this.#chunks.push(chunk)
    else chunk.copy(this.#whole, at)
  }

  onResponseEnd(): void {
    // Not filled to the end, it would hold what memory held before.
    if (this.#whole !== undefined && this.#whole.length !== this.#length)
      return this.#fail('upstream-garbled', 'not as long as announced')
    const [only] = this.#chunks
    const bytes =
      this.#whole ??
      (only !== undefined && this.#chunks.length === 1
        ? only
        : Buffer.concat(this.#chunks, this.#length))
    const contentType = text(this.#headers['content-type'])
    const contentEncoding = text(this.#headers['content-encoding'])
    this.#settle(ok({ status: this.#status, contentType, contentEncoding, bytes }))
  }

  onResponseError(_controller: unknown, cause: Error): void {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    // A bug of ours. The words of undici may quote a header.
    if (code === 'UND_ERR_INVALID_ARG') this.#reject(new TypeError('undici takes no such request'))
    if (this.#controller === undefined) return this.#fail('upstream-unreachable', 'no connection')
    return cause.name === 'HTTPParserError' || garbled.test(code)
      ? this.#fail('upstream-garbled', 'not HTTP')
      : this.#fail('upstream-unreachable', 'connection lost')
  }

  readonly #callerGone = (): void => this.#fail('caller-gone')

  #tooLarge(): void {
    this.#fail('upstream-garbled', 'larger than the cap')
  }

  #fail(problem: UpstreamProblem['problem'], detail?: string): void {
    const mayHaveRun = this.#controller !== undefined
    this.#settle(err({ problem, mayHaveRun, ...(detail === undefined ? {} : { detail }) }))
    this.#controller?.abort(stop)
  }

  #settle(outcome: Result<Received, UpstreamProblem>): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#timer)
    this.#limits.signal.removeEventListener('abort', this.#callerGone)
    this.#resolve(outcome)
  }
}

/** What undici is told when we hang up. Made once: it says nothing about a request. */
const stop = new Error('no longer wanted')

/** Codes of answers that came but are not HTTP that we take. */
const garbled = /^UND_ERR_(?:HEADERS_OVERFLOW|RES_)/

/** A header that came twice arrives as a list, and means nothing that we know. */
function text(header: string | readonly string[] | undefined): string | undefined {
  return header === undefined ? undefined : [header].flat().join(', ')
}
