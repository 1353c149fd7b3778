import { once } from 'node:events'
import { createServer } from 'node:http'

import { httpListener } from '../../functions/http-listener.ts'
import { openStore } from '../../functions/open-store.ts'
import { readSettings } from '../../functions/settings.ts'
import { gateway } from '../../functions/wiring.ts'
import { faultyStore } from './faulty-store.ts'
import type { Said, Told } from './killable-gateway.ts'
import { movableClock } from './movable-clock.ts'

// Started by tests that kill it: the gateway as it is wired, on a store that stops where they say.
const clock = movableClock()

const say = (said: Said) => process.send?.(said)
const faulty = faultyStore(openStore(readSettings(process.env).store), (fault) =>
  say({ reached: fault }),
)
const served = await gateway(process.env, { store: faulty.store })

process.on('message', (told: Told) => {
  if ('fault' in told) faulty.next(told.fault)
  if ('ahead' in told) clock.ahead(told.ahead)
  if ('goOn' in told) faulty.goOn()
  say({ heard: told })
})
const server = createServer(httpListener(served.fetch))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
// As the local stack does.
process.once('SIGTERM', () => {
  server.close()
  void served.close().then(() => process.exit(0))
})
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('no port')
say({ listening: `http://127.0.0.1:${address.port}` })
