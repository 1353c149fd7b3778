/** Cloud Function `reconciler`: compares the record with the jobs that BigQuery ran. */
import { http } from '@google-cloud/functions-framework'

import { reconciler } from './background-functions.ts'
import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const served = await reconciler(process.env)
endInOrder(() => served.close())
http('reconciler', asSent(httpListener(served.fetch)))
