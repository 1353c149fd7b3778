import { context, metrics, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { getNumberFromEnv, setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base'

import { logSeldom } from '../log.ts'
import { debugLines } from './debug-lines.ts'
import { exporterOptions } from './exporter-options.ts'
import { loggedApart } from './log-trace.ts'
import { resourceOf } from './resource-of.ts'
import type { Telemetry, Wanted } from './start-telemetry.ts'

/** Cloud Run gives ten seconds to end, and the record comes first. */
const PATIENCE_MS = 2_000

/**
 * The SDK of OpenTelemetry, registered for this process; everything that is not here is as its variables say.
 *
 * Spans go out in batches, five seconds after the first of a batch, beside whatever the function does, and no answer
 * waits for them. Where the CPU is taken away between requests a batch that is due goes with the next request, since
 * timers that are overdue fire first, and the last one when the instance ends, for which it has its CPU again. To send
 * them before the answer would have made every call wait for a collector. What is under way when the CPU goes may be
 * lost: traces and metrics are for those who operate Sluice, and the record is somewhere else.
 */
export function openTelemetry(env: NodeJS.ProcessEnv, wanted: Wanted): Telemetry {
  const tell = logSeldom('telemetry could not be sent', Date.now)
  // Their words may quote a collector's answer, and headers.
  setGlobalErrorHandler((cause) =>
    loggedApart(() => tell(cause instanceof Error ? cause.name : typeof cause)),
  )
  const resource = resourceOf(env)
  const closing: (() => Promise<void>)[] = []

  if (wanted.traces || wanted.debugLines) {
    const spanProcessors: SpanProcessor[] = [
      ...(wanted.debugLines ? [debugLines] : []),
      ...(wanted.traces
        ? [new BatchSpanProcessor(new OTLPTraceExporter(exporterOptions(env, 'TRACES')))]
        : []),
    ]
    const provider = new BasicTracerProvider({
      resource,
      spanProcessors,
      // Nobody pays for lines that are only written down here: whoever debugs wants all of them.
      ...(wanted.traces ? {} : { sampler: new AlwaysOnSampler() }),
    })
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    trace.setGlobalTracerProvider(provider)
    closing.push(() => provider.shutdown())
  }
  if (wanted.metrics) {
    const exporter = new OTLPMetricExporter(exporterOptions(env, 'METRICS'))
    const provider = new MeterProvider({
      resource,
      readers: [new PeriodicExportingMetricReader({ exporter, ...everyMs() })],
    })
    metrics.setGlobalMeterProvider(provider)
    closing.push(() => provider.shutdown())
  }
  return {
    close: async () => {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, PATIENCE_MS)
      await Promise.race([Promise.allSettled(closing.map((close) => close())), late])
      clearTimeout(timer)
    },
  }
}

/** The one variable that this part of the SDK leaves to others; a minute without it. */
function everyMs(): { readonly exportIntervalMillis?: number } {
  const everyMillis = getNumberFromEnv('OTEL_METRIC_EXPORT_INTERVAL') ?? 0
  return everyMillis > 0 ? { exportIntervalMillis: everyMillis } : {}
}
