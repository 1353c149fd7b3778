import { closeCalls } from '../../shared/gateway/close-calls.ts'
import type { World } from './world.ts'

/** No handler lives so long. */
export const GRACE_MS = 71 * 60_000
export const HOUR_MS = 60 * 60_000

/** Lets time pass in a world, then closes calls as the scheduled sweep does. */
export async function sweepAfter(gateway: World, ms: number): Promise<void> {
  gateway.time.offset += ms
  await closeCalls({ ...gateway.ports, watermarks: gateway.state.watermarks })
}
