/** Cloud Function `log-publisher`: seals the record and publishes its log. */
import { http } from '@google-cloud/functions-framework'

import { logPublisher } from './background-functions.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const { fetch } = await logPublisher(process.env)
http('log-publisher', asSent(httpListener(fetch)))
