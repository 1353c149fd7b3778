import { createRequire } from 'node:module'

import { startTelemetry } from '../../functions/telemetry/start-telemetry.ts'

// Started by a test that wants to know what is loaded: the gateway as it is wired, and telemetry as the environments given
// say, one after the other.
await import('../../functions/wiring.ts')
await import('../../functions/telemetry/observed.ts')
const environments: readonly NodeJS.ProcessEnv[] = JSON.parse(process.argv[2] ?? '')
for (const env of environments) {
  // oxlint-disable-next-line no-await-in-loop -- what is loaded stays loaded
  const { close } = await startTelemetry(env)
  const loaded = Object.keys(createRequire(import.meta.url).cache).flatMap(
    (file) => /node_modules\/(@opentelemetry\/[^/]+)\//.exec(file)?.[1] ?? [],
  )
  process.stdout.write(`${JSON.stringify([...new Set(loaded)].toSorted())}\n`)
  // oxlint-disable-next-line no-await-in-loop
  await close()
}
