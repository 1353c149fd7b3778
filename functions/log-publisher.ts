/** Cloud Function `log-publisher`: seals the record and publishes its log. */
import { http } from '@google-cloud/functions-framework'

import { logPublisher } from './background-functions.ts'
import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const served = await logPublisher(process.env)
endInOrder(() => served.close())
http('log-publisher', asSent(httpListener(served.fetch)))
