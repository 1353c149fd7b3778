/** Cloud Function `retainer`: deletes of the record what policy keeps no longer. */
import { http } from '@google-cloud/functions-framework'

import { retainer } from './background-functions.ts'
import { endInOrder } from './end-in-order.ts'
import { httpListener } from './http-listener.ts'
import { asSent, guardIngress } from './ingress-guard.ts'

guardIngress()
const served = await retainer(process.env)
endInOrder(() => served.close())
http('retainer', asSent(httpListener(served.fetch)))
