import { expect, test } from 'vitest'

import { endOf } from '../../../shared/console/sign-in/browser-session.ts'

const HOUR_MS = 60 * 60_000
const session = {
  csrf: 'a',
  startedAt: 0,
  token: 'b',
  tokenUntil: HOUR_MS,
  issuer: 'https://login.acme.example',
  subject: 'petra',
  lifetime: 'c',
}

test.each([
  ['an hour after it was last used', 2 * HOUR_MS, 3 * HOUR_MS],
  ['eight hours after it began, however much it is used', 7.5 * HOUR_MS, 8 * HOUR_MS],
])('a session ends %s', (_when, seenAt, end) => {
  expect(endOf({ ...session, seenAt })).toBe(end)
})
