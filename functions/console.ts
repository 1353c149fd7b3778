/** Cloud Function `console`: the audit API, the log and the pages. */
import { http } from '@google-cloud/functions-framework'

import { consoleApp } from '../shared/console/pages/console-app.ts'
import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'
import { gateway } from './wiring.ts'

guardIngress()
const served = await gateway(process.env, { serves: 'audit', pages: consoleApp })
endInOrder(() => served.close())
http('console', asSent(httpListener(served.fetch)))
