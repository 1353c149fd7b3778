/** Cloud Function `approval-resolver`: settles votes and starts what was approved. */
import { http } from '@google-cloud/functions-framework'

import { approvalResolver } from './background-functions.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const { fetch } = await approvalResolver(process.env)
http('approval-resolver', asSent(httpListener(fetch)))
