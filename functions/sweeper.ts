/** Cloud Function `sweeper`: expires, reminds, and finishes what a crash left. */
import { http } from '@google-cloud/functions-framework'

import { sweeper } from './background-functions.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const { fetch } = await sweeper(process.env)
http('sweeper', asSent(httpListener(fetch)))
