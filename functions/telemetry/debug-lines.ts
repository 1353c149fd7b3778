import { hrTimeToMilliseconds } from '@opentelemetry/core'
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base'

import { log } from '../log.ts'

/**
 * Writes a line of severity DEBUG for each span that ends: the stage, how long it took, and what the span says of it,
 * which is as little as any trace does: no SQL, no value, no principal, no token.
 */
export const debugLines: SpanProcessor = {
  onStart: () => {},
  onEnd: (span) => {
    log('DEBUG', span.name, {
      milliseconds: Math.round(hrTimeToMilliseconds(span.duration) * 1000) / 1000,
      parentSpanId: span.parentSpanContext?.spanId ?? '',
      ...Object.fromEntries(
        Object.entries(span.attributes).map(([name, value]) => [name, String(value)]),
      ),
    })
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}
