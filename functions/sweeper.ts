/** Cloud Function `sweeper`: expires, reminds, and finishes what a crash left. */
import { http } from '@google-cloud/functions-framework'

import { sweeper } from './background-functions.ts'
import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const served = await sweeper(process.env)
endInOrder(() => served.close())
http('sweeper', asSent(httpListener(served.fetch)))
