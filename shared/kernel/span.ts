import {
  type Attributes,
  type Span,
  SpanKind,
  SpanStatusCode,
  context,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api'

/** What is said of a span while it lasts. Names and attributes are ours: no value, no principal, no text of an error. */
export interface Noting {
  /** Adds attributes. */
  readonly note: (attributes: Attributes) => void
  /** Says that it failed, and how: `error.type`, from a closed set. */
  readonly fail: (errorType: string) => void
}

/**
 * Does some work in a span of OpenTelemetry, and nothing else where nobody records spans. Resolves and rejects as the
 * work does. A `Result` that is an error gives its problem tag as `error.type`; something thrown gives its class, never
 * its words.
 */
export async function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Noting) => T | Promise<T>,
  kind: keyof typeof KINDS = 'internal',
): Promise<T> {
  const span = trace.getTracer('sluice').startSpan(name, { attributes, kind: KINDS[kind] })
  if (!isSpanContextValid(span.spanContext())) return work(NOBODY_LISTENS)
  // Also when it is not sampled: what is below it is not to begin a trace of its own.
  return context.with(trace.setSpan(context.active(), span), async () => {
    const noting = notingOn(span)
    try {
      const result = await work(noting)
      const problem = problemOf(result)
      if (problem !== undefined) noting.fail(problem)
      return result
    } catch (cause) {
      noting.fail(classOf(cause))
      throw cause
    } finally {
      span.end()
    }
  })
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
} as const

const NOBODY_LISTENS: Noting = { note: () => {}, fail: () => {} }

function notingOn(span: Span): Noting {
  return {
    note: (attributes) => void span.setAttributes(attributes),
    fail: (errorType) => {
      span.setAttribute('error.type', errorType)
      // Without a description: it would be the words of the error.
      span.setStatus({ code: SpanStatusCode.ERROR })
    },
  }
}

/** The problem tag of a `Result` that is an error. */
function problemOf(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  if (!('ok' in result) || result.ok !== false || !('error' in result)) return undefined
  const { error } = result
  const isTagged = typeof error === 'object' && error !== null && 'problem' in error
  return isTagged && typeof error.problem === 'string' ? error.problem : undefined
}

/** What was thrown, by its class; `_OTHER` for what has no name to speak of. */
function classOf(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : ''
  return /^[A-Z][A-Za-z]{1,60}$/.test(name) ? name : '_OTHER'
}
