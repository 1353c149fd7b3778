import { afterEach, expect, test, vi } from 'vitest'

import { exporterOptions } from '../../../functions/telemetry/exporter-options.ts'
import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'

afterEach(() => vi.restoreAllMocks())

const ownIdentity = () => Promise.resolve(new Redacted('ya29.own'))

test.each([
  'https://telemetry.googleapis.com',
  'https://telemetry.googleapis.com/',
  'https://telemetry.googleapis.com/v1/traces',
  'https://telemetry.europe-west3.rep.googleapis.com',
])('%s gets the token of the function', async (endpoint) => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
  const { headers } = exporterOptions(env, 'TRACES', ownIdentity)
  expect(await headers?.()).toEqual({ authorization: 'Bearer ya29.own' })
})

test.each([
  'http://telemetry.googleapis.com',
  'https://telemetry.googleapis.com:8443',
  'https://telemetry.googleapis.com.evil.example',
  'https://telemetry.evil.example/.googleapis.com',
  'https://user@telemetry.googleapis.com',
  'https://bigquery.googleapis.com',
  'https://telemetry.x.rep.googleapis.com.evil.example',
  'http://127.0.0.1:4318',
  'nonsense',
])('%s does not', (endpoint) => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
  expect(exporterOptions(env, 'METRICS', ownIdentity)).toEqual({})
})

test('each signal has the endpoint that is meant for it', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://telemetry.googleapis.com',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://collector.acme.example/v1/metrics',
  }
  expect(exporterOptions(env, 'TRACES', ownIdentity)).not.toEqual({})
  expect(exporterOptions(env, 'METRICS', ownIdentity)).toEqual({})
})

test('without a token it asks without one, and never fails', async () => {
  const { headers } = exporterOptions(
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://telemetry.googleapis.com' },
    'TRACES',
    () => Promise.reject(new Error('ya29.own')),
  )
  expect(await headers?.()).toEqual({})
})

test('whoever wants another protocol is told that there is none', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  exporterOptions({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'TRACES', ownIdentity)
  expect(said).not.toHaveBeenCalled()
  exporterOptions({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'TRACES', ownIdentity)
  expect(String(said.mock.calls[0]?.[0])).toContain('http/json')
})
