/** Most that an issuer's document may have. */
const MAX_BYTES = 512 * 1024

/** How long a failure is remembered: a flood of requests costs an issuer that is down one try. */
const FAILURE_MS = 3000

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface IssuerFetchOptions {
  readonly fetch: Fetch
  readonly timeoutMs: number
  readonly now: () => number
}

/**
 * `fetch` for issuers: https, or http on loopback; no redirects; a time limit; a size limit. The
 * body is complete when it resolves. A GET that failed fails again for three seconds.
 */
export function issuerFetch(options: IssuerFetchOptions): Fetch {
  const failures = new Map<string, { readonly until: number; readonly cause: unknown }>()

  return async (url, init = {}) => {
    if (!isSecure(url)) throw new Error(`neither https nor loopback: \`${url}\``)
    const idempotent = init.method === undefined || init.method === 'GET'
    const failure = idempotent ? failures.get(url) : undefined
    if (failure !== undefined && options.now() < failure.until) throw failure.cause
    try {
      const response = await options.fetch(url, {
        ...init,
        // A redirect could lead to a host that policy never named.
        redirect: 'manual',
        signal: AbortSignal.timeout(options.timeoutMs),
      })
      const body = await limited(response)
      if (idempotent && response.status !== 200)
        throw new Error(`status ${response.status} from \`${url}\``)
      failures.delete(url)
      return new Response(body, { status: response.status, headers: response.headers })
    } catch (cause) {
      if (idempotent) failures.set(url, { until: options.now() + FAILURE_MS, cause })
      throw cause
    }
  }
}

/** Whether a URL may be spoken to: https, or a server on this machine. */
export function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username } = new URL(url)
  if (username !== '') return false
  if (protocol === 'https:') return true
  return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}

async function limited(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes from \`${response.url}\``)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
