import type { DayClock } from './day-clock.ts'

/** What is new is sealed within a minute; sweeps find what is due often enough to remind and to expire. */
const BUSY_MS = 60_000
const QUIET_MS = 20 * 60_000

/** Lets the time pass as in a stack that runs: the record is swept and sealed on the way. */
export function upkeepOf(
  clock: DayClock,
  upkeep: () => Promise<void>,
  entries: () => number,
): {
  /** Moves on to this instant. Rejects as the upkeep does. */
  until(at: number): Promise<void>
} {
  let last = clock.now()
  let known = entries()
  return {
    until: async (at) => {
      for (;;) {
        const due = last + (entries() > known ? BUSY_MS : QUIET_MS)
        if (due >= at) break
        clock.moveTo(due)
        // oxlint-disable-next-line no-await-in-loop -- in the order of the day
        await upkeep()
        last = clock.now()
        // The manifest of a batch is itself something new, and has time.
        known = entries()
      }
      clock.moveTo(at)
    },
  }
}
