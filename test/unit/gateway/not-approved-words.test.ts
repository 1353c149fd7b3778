import { expect, test } from 'vitest'

import type { GrantEvent } from '../../../shared/approval/grant.ts'
import { notApprovedWords } from '../../../shared/gateway/held/not-approved-words.ts'
import { ASKED_AT, MINUTE, sampleGrant, sampleVoter } from '../../support/sample-grant.ts'

const at = ASKED_AT + MINUTE
const by = sampleVoter('petra', { email: 'petra@acme.example' })
const approved: GrantEvent = { type: 'approved', at, until: at + MINUTE, box: undefined }
const starting: GrantEvent = { type: 'starting', at }
const revoked: GrantEvent = { type: 'revoked', at, by, reason: 'wrong patients' }
const neverSent: GrantEvent = { type: 'not-started', at, reason: 'it was not heard of again' }
const expired: GrantEvent = { type: 'expired', at }

test.each<[string, readonly GrantEvent[], string]>([
  [
    'denied',
    [{ type: 'denied', at, by, reason: 'ask for totals' }],
    'petra@acme.example denied this query: “ask for totals”; change it, or talk to them before you ask again',
  ],
  [
    'revoked',
    [approved, revoked],
    'petra@acme.example took the approval of this query back: “wrong patients”; talk to them before you ask again',
  ],
  [
    'revoked before anybody had approved it',
    [revoked],
    'petra@acme.example stopped this query: “wrong patients”; talk to them before you ask again',
  ],
  [
    'revoked while it started, and found never to have',
    [approved, starting, revoked, neverSent],
    'petra@acme.example took the approval of this query back: “wrong patients”; talk to them before you ask again',
  ],
  [
    'expired',
    [expired],
    'nobody who may approve this query decided by 2026-11-21T12:01Z; ask again, or ask them first',
  ],
  [
    'approved and expired',
    [approved, expired],
    'this query was approved, but had not started by 2026-11-21T12:01Z; ask again',
  ],
  [
    'not started',
    [approved, starting, { type: 'not-started', at, reason: 'a table it reads has changed since' }],
    'this query was approved, but did not run: a table it reads has changed since; ask again',
  ],
])('%s', (_, events, message) => {
  expect(notApprovedWords(sampleGrant({ events }))).toEqual({
    reason: 'accessDenied',
    message: `Access Denied: ${message}`,
  })
})
