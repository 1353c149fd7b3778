import { withGlobal } from '@sinonjs/fake-timers'

/** The time in this process, for whoever asks; timers run as ever. It stands still but for what moves it. */
export interface DayClock {
  /** Epoch milliseconds. */
  now(): number
  /** Moves on to this instant; one that is past changes nothing. */
  moveTo(at: number): void
  /** Lets so many milliseconds pass. */
  pass(ms: number): void
  /** Puts the usual clock back. */
  end(): void
}

/** Replaces `Date` in this process by a clock that begins at `start`, epoch milliseconds. */
export function dayClock(start: number): DayClock {
  const clock = withGlobal(globalThis).install({ now: start, toFake: ['Date'] })
  return {
    now: () => clock.now,
    moveTo: (at) => {
      if (at > clock.now) clock.setSystemTime(at)
    },
    pass: (ms) => clock.setSystemTime(clock.now + ms),
    end: () => clock.uninstall(),
  }
}
