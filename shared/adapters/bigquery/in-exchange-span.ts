import type { BigQueryCall } from '../../bigquery/call.ts'
import { durations } from '../../kernel/instruments.ts'
import type { Result } from '../../kernel/result.ts'
import { inSpan } from '../../kernel/span.ts'
import type { Traced } from '../../recording/traced.ts'
import type { UpstreamProblem, UpstreamReply } from '../../upstream/upstream.ts'

type Exchanged = Result<UpstreamReply, UpstreamProblem>

/**
 * Makes a call to BigQuery in a client span, and measures how long it took: OpenTelemetry's conventions for databases, with
 * BigQuery's methods as operations. What Sluice asks for itself has no `traced`, and its span no names: callers may have
 * made those up. `error.type` is the status, or the problem that kept an answer away; what BigQuery says is nowhere.
 * https://opentelemetry.io/docs/specs/semconv/database/
 */
export async function inExchangeSpan(
  { origin }: { readonly origin: string },
  { method, body }: BigQueryCall,
  traced: Traced | undefined,
  exchange: () => Promise<Exchanged>,
): Promise<Exchanged> {
  const startedAt = performance.now()
  const { hostname, port } = new URL(origin)
  const asked = {
    'db.system.name': 'gcp.bigquery',
    'db.operation.name': method,
    'server.address': hostname,
    ...(port === '' ? {} : { 'server.port': Number(port) }),
  }
  const { namespace, collection, queryText } = traced ?? {}
  const about = {
    ...(namespace === undefined ? {} : { 'db.namespace': namespace }),
    ...(collection === undefined ? {} : { 'db.collection.name': collection }),
    // Only what runs it: not every look at its job.
    ...(queryText === undefined || body === undefined ? {} : { 'db.query.text': queryText }),
  }
  return inSpan(
    `${method} ${collection ?? namespace ?? hostname}`,
    { ...asked, ...about },
    async (span) => {
      const answer = await exchange()
      const failure = failureOf(answer)
      if (failure !== undefined) {
        span.note(failure)
        span.fail(failure['error.type'])
      }
      took((performance.now() - startedAt) / 1000, { ...asked, ...failure })
      return answer
    },
    'client',
  )
}

const took = durations(
  'db.client.operation.duration',
  'How long calls to BigQuery take, until their answer is there.',
  [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
)

function failureOf(answer: Exchanged) {
  if (!answer.ok) return { 'error.type': answer.error.problem }
  const status = String(answer.value.status)
  return answer.value.status < 400
    ? undefined
    : { 'error.type': status, 'db.response.status_code': status }
}
