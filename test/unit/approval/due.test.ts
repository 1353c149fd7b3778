import { expect, test } from 'vitest'

import { due } from '../../../shared/approval/due.ts'
import type { GrantEvent } from '../../../shared/approval/grant.ts'
import {
  ASKED_AT,
  HOUR,
  MINUTE,
  sampleGrant,
  sampleTerms,
  sampleVoter,
} from '../../support/sample-grant.ts'

const escalation = { afterMs: 30 * MINUTE, group: 'duty', slackChannel: undefined }
const terms = [sampleTerms({ remindersMs: [10 * MINUTE, 20 * MINUTE], escalation })]
const reminded = (minutes: number): GrantEvent => ({
  type: 'reminded',
  at: ASKED_AT + minutes * MINUTE,
})
const escalated = (minutes: number): GrantEvent => ({
  type: 'escalated',
  at: ASKED_AT + minutes * MINUTE,
})

test.each<[string, readonly GrantEvent[], number, readonly string[]]>([
  ['nothing yet', [], 9, []],
  ['the first reminder', [], 10, ['reminded']],
  ['once', [reminded(10)], 11, []],
  ['the second', [reminded(10)], 20, ['reminded']],
  ['one for two that were missed', [], 25, ['reminded']],
  ['and none after it', [reminded(25)], 26, []],
  ['the escalation group', [reminded(25)], 30, ['escalated']],
  ['once', [reminded(25), escalated(30)], 31, []],
  ['all at once', [], 31, ['escalated', 'reminded']],
  ['nothing but the end', [], 60, ['expired']],
  [
    'nothing once it is approved',
    [{ type: 'approved', at: ASKED_AT, until: ASKED_AT + HOUR, box: undefined }],
    31,
    [],
  ],
  [
    'nothing once it is denied',
    [{ type: 'denied', at: ASKED_AT, by: sampleVoter(), reason: 'no' }],
    31,
    [],
  ],
])('what is due: %s', (_, events, minutes, types) => {
  const found = due(sampleGrant({ terms, events }), ASKED_AT + minutes * MINUTE)
  expect(found.map(({ type }) => type)).toEqual(types)
})

test('nobody is reminded out of hours', () => {
  const hours = { timeZone: 'UTC', days: [6], fromMinute: 12 * 60 + 15, untilMinute: 13 * 60 }
  const given = sampleGrant({ terms: [sampleTerms({ remindersMs: [10 * MINUTE], hours })] })
  expect(due(given, ASKED_AT + 14 * MINUTE)).toEqual([])
  expect(due(given, ASKED_AT + 15 * MINUTE)).toMatchObject([{ type: 'reminded' }])
})
