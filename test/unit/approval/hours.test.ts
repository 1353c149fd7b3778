import { describe, expect, test } from 'vitest'

import { isOpen, opensAt } from '../../../shared/approval/hours.ts'
import type { ApprovalHours } from '../../../shared/policy/approval-terms.ts'

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const WEEK = [1, 2, 3, 4, 5]

/** `08:00-17:30`, `22:00-06:00`. */
function hours(timeZone: string, span: string, days: readonly number[] = EVERY_DAY): ApprovalHours {
  const [from = 0, until = 0] = span.split('-').map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    return hour * 60 + minute
  })
  return { timeZone, days, fromMinute: from, untilMinute: until }
}

const office = (zone: string) => hours(zone, '08:00-18:00', WEEK)

describe('whether it is open', () => {
  test.each<[string, ApprovalHours, string, boolean]>([
    // 2026-11-20 is a Friday.
    ['Zurich, winter, before it opens', office('Europe/Zurich'), '2026-11-20T06:59:59.999Z', false],
    ['Zurich, winter, as it opens', office('Europe/Zurich'), '2026-11-20T07:00:00Z', true],
    ['Zurich, winter, the last moment', office('Europe/Zurich'), '2026-11-20T16:59:59.999Z', true],
    ['Zurich, winter, as it closes', office('Europe/Zurich'), '2026-11-20T17:00:00Z', false],
    ['Zurich, summer, as it opens', office('Europe/Zurich'), '2026-07-17T06:00:00Z', true],
    ['Zurich, summer, before it opens', office('Europe/Zurich'), '2026-07-17T05:59:59Z', false],
    ['Zurich, on Saturday', office('Europe/Zurich'), '2026-11-21T10:00:00Z', false],
    ['New York, noon', office('America/New_York'), '2026-11-20T17:00:00Z', true],
    [
      'New York, Friday night is Saturday in UTC',
      office('America/New_York'),
      '2026-11-21T00:30:00Z',
      false,
    ],
    [
      'New York, late on Friday by UTC',
      hours('America/New_York', '18:00-20:00', [5]),
      '2026-11-21T00:30:00Z',
      true,
    ],
    ['Kolkata, half an hour off', office('Asia/Kolkata'), '2026-11-20T02:30:00Z', true],
    ['Kolkata, just before', office('Asia/Kolkata'), '2026-11-20T02:29:59Z', false],
    [
      'Apia is a day ahead: Friday there',
      hours('Pacific/Apia', '08:00-18:00', [5]),
      '2026-11-19T20:00:00Z',
      true,
    ],
    [
      'Apia: Saturday there',
      hours('Pacific/Apia', '08:00-18:00', [5]),
      '2026-11-20T20:00:00Z',
      false,
    ],
    // Over midnight: of the day on which it begins.
    [
      'overnight, Friday evening',
      hours('Europe/Zurich', '22:00-06:00', [5]),
      '2026-11-20T21:00:00Z',
      true,
    ],
    [
      'overnight, Saturday morning',
      hours('Europe/Zurich', '22:00-06:00', [5]),
      '2026-11-21T04:59:59Z',
      true,
    ],
    [
      'overnight, Saturday at six',
      hours('Europe/Zurich', '22:00-06:00', [5]),
      '2026-11-21T05:00:00Z',
      false,
    ],
    [
      'overnight, Friday morning is of Thursday',
      hours('Europe/Zurich', '22:00-06:00', [5]),
      '2026-11-20T04:00:00Z',
      false,
    ],
    [
      'overnight, Sunday into Monday',
      hours('Europe/Zurich', '22:00-06:00', [7]),
      '2026-11-23T04:00:00Z',
      true,
    ],
    [
      'a whole day, its first moment',
      hours('Europe/Zurich', '00:00-00:00', [5]),
      '2026-11-19T23:00:00Z',
      true,
    ],
    [
      'a whole day, the next',
      hours('Europe/Zurich', '00:00-00:00', [5]),
      '2026-11-20T23:00:00Z',
      false,
    ],
    [
      'a whole day from nine',
      hours('Europe/Zurich', '09:00-09:00', [5]),
      '2026-11-21T07:59:59Z',
      true,
    ],
    // Clocks go from 02:00 to 03:00 on 2026-03-29 in Zurich (01:00Z), on 2026-03-08 in New York (07:00Z).
    [
      'a gap: what begins in it begins after it',
      hours('Europe/Zurich', '02:30-05:00'),
      '2026-03-29T01:00:00Z',
      true,
    ],
    ['a gap: not before', hours('Europe/Zurich', '02:30-05:00'), '2026-03-29T00:59:59Z', false],
    [
      'a gap: what ends in it ends there',
      hours('Europe/Zurich', '01:00-02:30'),
      '2026-03-29T00:59:59Z',
      true,
    ],
    ['a gap: and not later', hours('Europe/Zurich', '01:00-02:30'), '2026-03-29T01:00:00Z', false],
    [
      'a gap: what is all inside is not',
      hours('Europe/Zurich', '02:10-02:50'),
      '2026-03-29T01:00:00Z',
      false,
    ],
    [
      'a gap: overnight is an hour shorter',
      hours('Europe/Zurich', '22:00-06:00'),
      '2026-03-29T04:00:00Z',
      false,
    ],
    ['a gap in New York', hours('America/New_York', '02:30-05:00'), '2026-03-08T07:00:00Z', true],
    [
      'a gap in New York, before',
      hours('America/New_York', '02:30-05:00'),
      '2026-03-08T06:59:59Z',
      false,
    ],
    // Clocks go from 03:00 back to 02:00 on 2026-10-25 in Zurich (01:00Z), from 02:00 on 2026-11-01 in New York (06:00Z).
    [
      'a fold: what begins in it begins the first time',
      hours('Europe/Zurich', '02:30-05:00'),
      '2026-10-25T00:30:00Z',
      true,
    ],
    ['a fold: not earlier', hours('Europe/Zurich', '02:30-05:00'), '2026-10-25T00:29:59Z', false],
    ['a fold: and goes on', hours('Europe/Zurich', '02:30-05:00'), '2026-10-25T01:15:00Z', true],
    [
      'a fold: what ends in it ends the first time',
      hours('Europe/Zurich', '01:00-02:30'),
      '2026-10-25T00:30:00Z',
      false,
    ],
    [
      'a fold: and does not open again',
      hours('Europe/Zurich', '01:00-02:30'),
      '2026-10-25T01:15:00Z',
      false,
    ],
    [
      'a fold: overnight is an hour longer',
      hours('Europe/Zurich', '22:00-06:00'),
      '2026-10-25T04:30:00Z',
      true,
    ],
    ['a fold in New York', hours('America/New_York', '01:30-04:00'), '2026-11-01T05:30:00Z', true],
    [
      'a fold in New York, before',
      hours('America/New_York', '01:30-04:00'),
      '2026-11-01T05:29:59Z',
      false,
    ],
    // Apia had no 30 December 2011: clocks went from the end of the 29th to the 31st (10:00Z).
    [
      'a day that was skipped',
      hours('Pacific/Apia', '08:00-18:00', [5]),
      '2011-12-30T20:00:00Z',
      false,
    ],
    [
      'the Saturday after it',
      hours('Pacific/Apia', '08:00-18:00', [6]),
      '2011-12-30T20:00:00Z',
      true,
    ],
    [
      'a night that runs into it',
      hours('Pacific/Apia', '22:00-06:00', [4]),
      '2011-12-30T09:59:59Z',
      true,
    ],
    [
      'and ends where it is skipped',
      hours('Pacific/Apia', '22:00-06:00', [4]),
      '2011-12-30T10:00:00Z',
      false,
    ],
    ['no days', hours('Europe/Zurich', '00:00-00:00', []), '2026-11-20T10:00:00Z', false],
  ])('%s', (_, given, at, expected) => {
    expect(isOpen(given, Date.parse(at))).toBe(expected)
  })
})

describe('when it opens', () => {
  test.each<[string, ApprovalHours, string, string | undefined]>([
    ['it is open', office('Europe/Zurich'), '2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z'],
    ['later today', office('Europe/Zurich'), '2026-11-20T03:00:00Z', '2026-11-20T07:00:00Z'],
    ['after the weekend', office('Europe/Zurich'), '2026-11-20T17:00:00Z', '2026-11-23T07:00:00Z'],
    [
      'over the end of summer time',
      office('Europe/Zurich'),
      '2026-10-23T17:00:00Z',
      '2026-10-26T07:00:00Z',
    ],
    ['over its beginning', office('Europe/Zurich'), '2026-03-27T18:00:00Z', '2026-03-30T06:00:00Z'],
    [
      'tonight',
      hours('America/New_York', '22:00-06:00'),
      '2026-11-20T12:00:00Z',
      '2026-11-21T03:00:00Z',
    ],
    [
      'in a week',
      hours('Asia/Kolkata', '09:00-10:00', [5]),
      '2026-11-20T05:00:00Z',
      '2026-11-27T03:30:00Z',
    ],
    [
      'a week that loses its Friday',
      hours('Pacific/Apia', '08:00-18:00', [5]),
      '2011-12-26T00:00:00Z',
      '2012-01-05T18:00:00Z',
    ],
    [
      'a gap that swallows it once',
      hours('Europe/Zurich', '02:10-02:50'),
      '2026-03-29T00:30:00Z',
      '2026-03-30T00:10:00Z',
    ],
    ['never', hours('Europe/Zurich', '08:00-18:00', []), '2026-11-20T10:00:00Z', undefined],
  ])('%s', (_, given, at, expected) => {
    const found = opensAt(given, Date.parse(at))
    expect(found).toBe(expected === undefined ? undefined : Date.parse(expected))
    if (found !== undefined) expect(isOpen(given, found)).toBe(true)
  })

  test('an unknown zone is a mistake of ours', () => {
    expect(() => isOpen(hours('Mars/Olympus', '08:00-18:00'), 0)).toThrow(RangeError)
  })
})
