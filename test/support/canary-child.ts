import { googleWorld } from './google-world.ts'
import { recordedPermit } from './recorded-permit.ts'

// Started by a test with every debug log on: makes calls, then tells its parent what to look for.
const world = await googleWorld()
const limits = { signal: new AbortController().signal, timeoutMs: 5000 }
await world.upstream(recordedPermit({}, 'main'), limits)
await world.upstream(recordedPermit({}, 'keyless'), limits)
const pem = world.account.pem.split('\n').filter((line) => line.length > 40)
process.send?.([...pem, ...world.oauth.issued])
await world.close()
process.disconnect()
