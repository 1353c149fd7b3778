import { http } from '@google-cloud/functions-framework'

import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'
import { observed } from './telemetry/observed.ts'
import { startTelemetry } from './telemetry/start-telemetry.ts'
import type { Gateway } from './wiring.ts'

/**
 * Registers a Cloud Function with functions-framework, by what makes it serve in the environment of this process:
 * guarded, observed, and ended in order.
 */
export async function serveFunction(
  name: string,
  made: (env: NodeJS.ProcessEnv) => Promise<Gateway>,
): Promise<void> {
  guardIngress()
  const [telemetry, served] = await Promise.all([startTelemetry(process.env), made(process.env)])
  endInOrder(async () => {
    await served.close()
    await telemetry.close()
  })
  http(name, asSent(httpListener(observed(served.fetch, process.env))))
}
