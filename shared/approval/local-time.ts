const HALF_A_DAY_MS = 12 * 60 * 60_000

/** A day of the calendar, as the milliseconds at which it begins in UTC: the same number in every zone. */
type CalendarDay = number

/** The clocks of one place. */
export interface LocalTime {
  /** The day that calendars there show at `at`. */
  dayOf(at: number): CalendarDay
  /**
   * The first instant at which clocks there show `minute` of `day`, or later: after a gap, when it was to be in the
   * gap; the first of two, when clocks are set back over it.
   */
  firstAt(day: CalendarDay, minute: number): number
}

/** The clocks of an IANA zone. Throws `RangeError` for a zone nobody knows. */
export function localTime(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })

  /** What clocks show, as if it were UTC. */
  const shown = (at: number): number => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
    const day = Date.UTC(part('year'), part('month') - 1, part('day'))
    return day + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000
  }
  const offset = (at: number): number => {
    const second = Math.floor(at / 1000) * 1000
    return shown(second) - second
  }

  return {
    dayOf: (at) => startOfDay(shown(at)),
    firstAt: (day, minute) => {
      const wanted = day + minute * 60_000
      // Nowhere are clocks further from UTC than 14 hours.
      const from = wanted - 2 * HALF_A_DAY_MS
      const until = wanted + 2 * HALF_A_DAY_MS
      const [before, after] = [offset(from), offset(until)]
      const early = wanted - before
      if (before === after) return early
      const change = firstWhere(from, until, (at) => offset(at) !== before)
      return early < change ? early : Math.max(change, wanted - after)
    },
  }
}

/** The day after, or so many days after. */
export function addDays(day: CalendarDay, days: number): CalendarDay {
  return day + days * 2 * HALF_A_DAY_MS
}

/** 1 is Monday (ISO 8601). */
export function weekdayOf(day: CalendarDay): number {
  return new Date(day).getUTCDay() || 7
}

function startOfDay(shown: number): CalendarDay {
  return Math.floor(shown / (2 * HALF_A_DAY_MS)) * 2 * HALF_A_DAY_MS
}

/** The first number for which `is` holds; it does for `high`, and once it does it goes on. */
function firstWhere(low: number, high: number, is: (value: number) => boolean): number {
  let [no, yes] = [low, high]
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2)
    if (is(middle)) yes = middle
    else no = middle
  }
  return yes
}
