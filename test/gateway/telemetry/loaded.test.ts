import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const run = promisify(execFile)
const child = join(import.meta.dirname, '../../support/telemetry-child.ts')
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }

test('without an endpoint nothing of OpenTelemetry is loaded but its interface', async () => {
  const environments = [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { ...ENDPOINT, OTEL_SDK_DISABLED: 'true' },
    { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' },
  ]
  const { stdout } = await run(process.execPath, [child, JSON.stringify(environments)])
  const [...loaded] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(loaded.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => ['@opentelemetry/api']))
  expect(loaded[4]).toEqual(
    expect.arrayContaining([
      '@opentelemetry/exporter-metrics-otlp-http',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/sdk-trace-base',
    ]),
  )
})
