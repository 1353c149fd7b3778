/** `functions/gateway.ts` with a store that costs nothing: what is left is Sluice itself. */
import { http } from '@google-cloud/functions-framework'

import { httpListener } from '../../../functions/http-listener.ts'
import { asSent, guardIngress } from '../../../functions/ingress-guard.ts'
import { gateway } from '../../../functions/wiring.ts'
import { heapStore } from './heap-store.ts'

guardIngress()
const { fetch } = await gateway(process.env, { store: heapStore() })
http('gateway', asSent(httpListener(fetch)))
