/** Cloud Function `approval-resolver`: settles votes and starts what was approved. */
import { http } from '@google-cloud/functions-framework'

import { approvalResolver } from './background-functions.ts'
import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const served = await approvalResolver(process.env)
endInOrder(() => served.close())
http('approval-resolver', asSent(httpListener(served.fetch)))
