import type { ApprovalHours } from '../policy/approval-terms.ts'
import { type LocalTime, addDays, localTime, weekdayOf } from './local-time.ts'

/** From `opensAt` (included) to `closesAt`. */
interface Opening {
  readonly opensAt: number
  readonly closesAt: number
}

/** Whether `at` is inside the hours. Those that last over midnight belong to the day on which they begin. */
export function isOpen(hours: ApprovalHours, at: number): boolean {
  return opensAt(hours, at) === at
}

/** `at` inside the hours, else when they begin next; undefined for hours that never do. */
export function opensAt(hours: ApprovalHours, at: number): number | undefined {
  const clocks = localTime(hours.timeZone)
  const today = clocks.dayOf(at)
  // From the day before, whose hours may go on, over the week after next: a calendar may skip a day.
  for (let days = -2; days <= 14; days++) {
    const day = addDays(today, days)
    if (!hours.days.includes(weekdayOf(day))) continue
    const opening = openingOn(day, hours, clocks)
    // A day that a calendar skips, and hours inside a gap, are none.
    if (opening.closesAt > Math.max(at, opening.opensAt)) return Math.max(at, opening.opensAt)
  }
  return undefined
}

function openingOn(day: number, hours: ApprovalHours, clocks: LocalTime): Opening {
  const { fromMinute, untilMinute } = hours
  const lastDay = untilMinute > fromMinute ? day : addDays(day, 1)
  return {
    opensAt: clocks.firstAt(day, fromMinute),
    closesAt: clocks.firstAt(lastDay, untilMinute),
  }
}
