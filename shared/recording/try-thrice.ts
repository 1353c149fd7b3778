import { setTimeout as wait } from 'node:timers/promises'

/** Between one try and the next. */
const PAUSES_MS = [50, 200]

/** What some work that is safe to repeat resolves with, at the third try at the latest; rejects as that does. */
export async function tryThrice<T>(
  work: () => Promise<T>,
  sleep: (ms: number) => Promise<unknown> = wait,
): Promise<T> {
  for (const pause of PAUSES_MS)
    try {
      // oxlint-disable-next-line no-await-in-loop -- each try waits for the one before
      return await work()
    } catch {
      // oxlint-disable-next-line no-await-in-loop
      await sleep(pause)
    }
  return work()
}
