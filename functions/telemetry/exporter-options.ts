import { googleOwnIdentity } from '../../shared/adapters/bigquery/google-own-identity.ts'
import type { OwnIdentity } from '../../shared/adapters/bigquery/impersonated-credential.ts'
import { log } from '../log.ts'

/** What an exporter is told that the standard variables do not say. */
interface ExporterOptions {
  readonly headers?: () => Promise<Record<string, string>>
}

/**
 * Google's own OTLP endpoint gets the access token of this function, which Google wants; nobody else does, whatever the
 * variables say. Without a token nothing is sent but what Google refuses.
 * https://cloud.google.com/stackdriver/docs/reference/telemetry/overview
 */
export function exporterOptions(
  env: NodeJS.ProcessEnv,
  signal: 'TRACES' | 'METRICS',
  ownIdentity: OwnIdentity = googleOwnIdentity(),
): ExporterOptions {
  const protocol =
    env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL']
  if (protocol !== undefined && protocol !== 'http/json')
    log('WARNING', 'telemetry is sent as `http/json`, whatever OTEL_EXPORTER_OTLP_PROTOCOL says')
  const endpoint =
    env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? ''
  if (!isGoogles(endpoint)) return {}
  return {
    headers: async () => {
      try {
        const token = await ownIdentity()
        return { authorization: `Bearer ${token.reveal()}` }
      } catch {
        // Google says no, and the log that nothing could be sent.
        return {}
      }
    },
  }
}

/** Whether an endpoint is Google's for all regions, or for one: by https, on its usual port, and on no other host. */
function isGoogles(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, host, username, password } = new URL(endpoint)
  return (
    protocol === 'https:' &&
    username === '' &&
    password === '' &&
    /^telemetry\.(?:googleapis\.com|[a-z0-9-]+\.rep\.googleapis\.com)$/.test(host)
  )
}
