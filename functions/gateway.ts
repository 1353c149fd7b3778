/** Cloud Function `gateway`: the data path between MCP servers and BigQuery. */
import { serveFunction } from './serve-function.ts'
import { logAnswered } from './telemetry/log-answered.ts'
import { gateway } from './wiring.ts'

await serveFunction('gateway', (env) =>
  gateway(env, { serves: 'data-path', onAnswered: logAnswered }),
)
