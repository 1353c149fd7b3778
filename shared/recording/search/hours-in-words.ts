import type { ApprovalHours } from '../../policy/approval-terms.ts'

/** By the clocks of a zone: `Mon 06:05 Europe/Berlin`. */
export function timeInWords(timeZone: string, at: number): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part.get('weekday')} ${part.get('hour')}:${part.get('minute')} ${timeZone}`
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** `Mon Tue 08:00 to 18:00`. */
export function hoursInWords({ days, fromMinute, untilMinute }: ApprovalHours): string {
  const names = days.map((day) => DAYS[day - 1])
  return `${names.join(' ')} ${timeOfDay(fromMinute)} to ${timeOfDay(untilMinute)}`
}

function timeOfDay(minute: number): string {
  const [hour, rest] = [Math.floor(minute / 60), minute % 60]
  return `${String(hour).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}
