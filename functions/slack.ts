/** Cloud Function `slack`: takes the votes that people cast by Slack's buttons. */
import { http } from '@google-cloud/functions-framework'

import { slackEndpoint } from './background-functions.ts'
import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const served = await slackEndpoint(process.env)
endInOrder(() => served.close())
http('slack', asSent(httpListener(served.fetch)))
