import { type SpanContext, TraceFlags } from '@opentelemetry/api'

/**
 * The trace that a request goes on with: by W3C's `traceparent`, else by Google's `X-Cloud-Trace-Context`; undefined for
 * a request that names none. Anything else of W3C's, `tracestate` and `baggage`, is left where it is: it is free text
 * of the caller's.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 * https://cloud.google.com/trace/docs/trace-context#legacy-http-header
 */
export function incomingTrace(headers: Headers): SpanContext | undefined {
  return w3c(headers.get('traceparent')) ?? googles(headers.get('x-cloud-trace-context'))
}

function w3c(header: string | null): SpanContext | undefined {
  // A later version may say more after these; version ff is none.
  const [, version, traceId, spanId, flags] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/.exec(header ?? '') ?? []
  if (traceId === undefined || spanId === undefined || version === 'ff') return undefined
  return valid(traceId, spanId, (Number.parseInt(flags ?? '', 16) & 1) === 1)
}

function googles(header: string | null): SpanContext | undefined {
  const [, traceId, span, sampled] =
    /^([0-9a-f]{32})\/(\d{1,20})(?:;o=([01]))?$/i.exec(header ?? '') ?? []
  if (traceId === undefined || span === undefined) return undefined
  const number = BigInt(span)
  if (number >= 2n ** 64n) return undefined
  return valid(traceId.toLowerCase(), number.toString(16).padStart(16, '0'), sampled === '1')
}

function valid(traceId: string, spanId: string, isSampled: boolean): SpanContext | undefined {
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
  return { traceId, spanId, traceFlags, isRemote: true }
}
