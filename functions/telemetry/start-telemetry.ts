import { failureFields, log } from '../log.ts'

/** What observes this process, once it is set up. */
export interface Telemetry {
  /** Sends what is left, for two seconds at most. Never rejects. */
  close(): Promise<void>
}

/**
 * Sets up OpenTelemetry as its standard variables say (`OTEL_EXPORTER_OTLP_ENDPOINT` and the rest, docs/telemetry.md),
 * and lines in the log for every stage where `SLUICE_LOG_LEVEL` is `debug`. With neither, nothing of OpenTelemetry's
 * SDK is even loaded. Never rejects: what observes Sluice must not keep it from serving.
 */
export async function startTelemetry(env: NodeJS.ProcessEnv): Promise<Telemetry> {
  const wanted = wantedIn(env)
  if (!wanted.traces && !wanted.metrics && !wanted.debugLines) return NONE
  try {
    const { openTelemetry } = await import('./open-telemetry.ts')
    return openTelemetry(env, wanted)
  } catch (cause) {
    log('ERROR', 'telemetry cannot be set up', failureFields(cause))
    return NONE
  }
}

/** What is to be observed, and for whom. */
export interface Wanted {
  /** To an OTLP endpoint. */
  readonly traces: boolean
  /** Likewise. */
  readonly metrics: boolean
  /** A line in the log for each span that ends. */
  readonly debugLines: boolean
}

/** What the environment asks for. https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
function wantedIn(env: NodeJS.ProcessEnv): Wanted {
  const isOff = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true'
  const exports = (signal: 'TRACES' | 'METRICS') => {
    const endpoint =
      env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? ''
    return !isOff && endpoint !== '' && env[`OTEL_${signal}_EXPORTER`] !== 'none'
  }
  return {
    traces: exports('TRACES'),
    metrics: exports('METRICS'),
    debugLines: env['SLUICE_LOG_LEVEL'] === 'debug',
  }
}

const NONE: Telemetry = { close: () => Promise.resolve() }
