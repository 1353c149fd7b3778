import { gunzipSync } from 'node:zlib'

import { jsonReply } from './stub-replies.ts'
import { startStubUpstream } from './stub-upstream.ts'

/** An OpenTelemetry collector that keeps every byte. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export async function startOtlpBytes() {
  const server = await startStubUpstream(jsonReply(200, {}))
  return {
    url: server.url.origin,
    /** What was exported, inflated, with the headers that it came with. */
    received: (): readonly string[] =>
      server.requests.map(({ path, rawHeaders, headers, body }) => {
        const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
        return `${path}\n${rawHeaders.join('\n')}\n${plain.toString()}`
      }),
    close: () => server.close(),
  }
}
