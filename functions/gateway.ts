/** Cloud Function `gateway`: the data path between MCP servers and BigQuery. */
import { http } from '@google-cloud/functions-framework'

import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'
import { gateway } from './wiring.ts'

guardIngress()
const { fetch } = await gateway(process.env)
http('gateway', asSent(httpListener(fetch)))
