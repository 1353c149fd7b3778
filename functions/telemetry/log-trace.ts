import { AsyncLocalStorage } from 'node:async_hooks'

import { ROOT_CONTEXT, type SpanContext, TraceFlags, context, trace } from '@opentelemetry/api'

/** What Cloud Logging finds the lines of a trace by. https://cloud.google.com/logging/docs/structured-logging */
export interface LogTrace {
  readonly 'logging.googleapis.com/trace': string
  readonly 'logging.googleapis.com/spanId': string
  readonly 'logging.googleapis.com/trace_sampled': boolean
}

interface InTrace {
  readonly from: SpanContext
  readonly project: string | undefined
}

const inTrace = new AsyncLocalStorage<InTrace>()

/** Does some work whose lines in the log belong to a trace; `project` is where Cloud Logging looks for it. */
export function loggedIn<T>(
  from: SpanContext | undefined,
  project: string | undefined,
  work: () => T,
): T {
  return from === undefined ? work() : inTrace.run({ from, project }, work)
}

/** Does some work whose lines belong to no trace, whoever caused it. */
export function loggedApart(work: () => void): void {
  context.with(ROOT_CONTEXT, () => inTrace.exit(work))
}

/** The trace and the span that a line written now belongs to; undefined outside of any. */
export function logTrace(): LogTrace | undefined {
  const known = inTrace.getStore()
  const active = trace.getActiveSpan()?.spanContext()
  const within = active ?? known?.from
  if (within === undefined) return undefined
  const { traceId, spanId, traceFlags } = within
  return {
    'logging.googleapis.com/trace':
      known?.project === undefined ? traceId : `projects/${known.project}/traces/${traceId}`,
    'logging.googleapis.com/spanId': spanId,
    'logging.googleapis.com/trace_sampled': (traceFlags & TraceFlags.SAMPLED) !== 0,
  }
}
