/** Cloud Function `reconciler`: compares the record with the jobs that BigQuery ran. */
import { http } from '@google-cloud/functions-framework'

import { reconciler } from './background-functions.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const { fetch } = await reconciler(process.env)
http('reconciler', asSent(httpListener(fetch)))
