/** Cloud Function `slack`: takes the votes that people cast by Slack's buttons. */
import { http } from '@google-cloud/functions-framework'

import { slackEndpoint } from './background-functions.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const { fetch } = await slackEndpoint(process.env)
http('slack', asSent(httpListener(fetch)))
