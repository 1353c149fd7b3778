import { gzipSync } from 'node:zlib'

/** A reply, as a client reads it. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  // Tests look into whatever came.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

/** Sends `GET /path` or `POST /path`, with a body as JSON or as it is. */
export type Send = (
  line: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>

/**
 * Sends requests over HTTP as one client does: its own headers on every one. With `gzip`, bodies are
 * compressed and chunked.
 */
export function clientLike(
  url: string,
  token: string,
  headers: Readonly<Record<string, string>>,
  { gzip = false } = {},
): Send {
  return async (line, body, more = {}) => {
    const [method = '', path = ''] = line.split(' ')
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const sent = text === undefined ? {} : gzip ? compressed(text) : { body: text }
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...headers,
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(text !== undefined && gzip ? { 'content-encoding': 'gzip' } : {}),
        ...more,
      },
      ...sent,
    })
    const answer = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: answer === '' ? undefined : JSON.parse(answer),
    }
  }
}

/** A stream has no length, so it goes out in chunks. */
function compressed(text: string) {
  const bytes = new Uint8Array(gzipSync(text))
  return { body: new Blob([bytes]).stream(), duplex: 'half' as const }
}

/** As recorded from the clients themselves, but for host, length, connection and token. */
export const recordedHeaders = {
  bq: {
    'user-agent': 'google-cloud-sdk528.0.0 google-api-python-client (gzip)',
    'x-goog-api-client': 'gdcl/2.2.0 gl-python/3.12.10 cred-type/u',
    'x-goog-user-project': 'acme',
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate',
  },
  dbt: {
    'user-agent':
      'dbt-bigquery-1.12.0rc1 gl-python/3.11.7 grpc/1.84.0 gax/2.40.0 gapic/3.40.0 gccl/3.40.0',
    'x-goog-api-client': 'cred-type/u',
    'accept-encoding': 'gzip',
    accept: '*/*',
    'x-server-timeout': '60',
  },
  go: {
    'user-agent': 'genai-toolbox/1.12.0+binary.linux.amd64.c97ca4d+prebuilt.bigquery',
    'x-goog-api-client': 'gl-go/1.27.1 gccl/1.77.0',
    traceparent: '00-5672a7dd985cea8a17bb71c0069fb7d1-d79b65b9a080ec8c-01',
    'accept-encoding': 'gzip',
  },
  java: {
    'user-agent': 'google-cloud-java/2.60.0 Google-HTTP-Java-Client/2.1.0 (gzip)',
    'x-goog-api-client': 'gl-java/17.0.15 gccl/2.60.0',
    'x-goog-otel-enabled': 'false',
    'accept-encoding': 'gzip',
  },
  node: {
    'user-agent': 'gcloud-node-bigquery/9.3.0',
    'x-goog-api-client': 'gl-node/20.20.2 gccl/9.3.0',
    'accept-encoding': 'gzip, deflate, br',
    accept: '*/*',
  },
  python: {
    'user-agent': 'gl-python/3.11.7 grpc/1.84.0 gax/2.40.0 gapic/3.40.0 gccl/3.40.0',
    'x-goog-api-client': 'cred-type/u',
    'accept-encoding': 'gzip',
    accept: '*/*',
    'x-server-timeout': '128',
  },
} as const
