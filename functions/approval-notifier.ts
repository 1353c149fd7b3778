/** Cloud Function `approval-notifier`: tells approvers what is asked of them. */
import { http } from '@google-cloud/functions-framework'

import { approvalNotifier } from './background-functions.ts'
import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const served = await approvalNotifier(process.env)
endInOrder(() => served.close())
http('approval-notifier', asSent(httpListener(served.fetch)))
