/** Cloud Function `approval-notifier`: tells approvers what is asked of them. */
import { http } from '@google-cloud/functions-framework'

import { approvalNotifier } from './background-functions.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const { fetch } = await approvalNotifier(process.env)
http('approval-notifier', asSent(httpListener(fetch)))
