/** Cloud Function `gateway`: the data path between MCP servers and BigQuery. */
import { http } from '@google-cloud/functions-framework'

import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'
import { gateway } from './wiring.ts'

guardIngress()
const served = await gateway(process.env, { serves: 'data-path' })
endInOrder(() => served.close())
http('gateway', asSent(httpListener(served.fetch)))
