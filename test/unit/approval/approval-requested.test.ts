import { expect, test } from 'vitest'

import { encodeMessage } from '../../../shared/adapters/message-codec.ts'
import { approvalRequested } from '../../../shared/approval/approval-requested.ts'
import type { GrantEvent } from '../../../shared/approval/grant.ts'
import { QUERY_CANARY, canaryGrant } from '../../support/canary-grant.ts'
import { sampleRequested, sampleVote } from '../../support/sample-messages.ts'

const at = 1_790_000_000_000
const { by } = sampleVote().vote

const events: readonly GrantEvent[] = [
  { type: 'asked', at },
  { type: 'voted', at, vote: sampleVote(1, { reason: QUERY_CANARY }).vote },
  { type: 'reminded', at: at + 1 },
  { type: 'escalated', at: at + 2 },
  { type: 'broke-glass', at: at + 3, justification: QUERY_CANARY },
  { type: 'denied', at, by, reason: QUERY_CANARY },
  { type: 'not-started', at, reason: QUERY_CANARY },
]

test('what people have to hear of becomes a message, the same each time', () => {
  const grant = canaryGrant(...events)
  expect(events.map((_, n) => approvalRequested(grant, n)?.news)).toEqual([
    'asked',
    undefined,
    'reminder',
    'escalation',
    'broke-glass',
    undefined,
    undefined,
  ])
  expect(approvalRequested(grant, 0)).toEqual(sampleRequested())
  expect(approvalRequested(grant, 2)).toMatchObject({ id: `${grant.id}~2`, at: at + 1 })
  expect(approvalRequested(grant, events.length)).toBeUndefined()
})

test('no SQL, no value of a parameter and no justification gets into a message', () => {
  const grant = canaryGrant(...events)
  const told = events.map((_, n) => approvalRequested(grant, n)).filter((one) => one !== undefined)
  expect(told).toHaveLength(4)
  for (const message of told) {
    const { attributes, data } = encodeMessage(message)
    expect(JSON.stringify(attributes) + Buffer.from(data).toString()).not.toContain(QUERY_CANARY)
  }
  // It would have been seen.
  expect(JSON.stringify(grant).split(QUERY_CANARY).length).toBeGreaterThan(30)
})

test('a query of a thousand tables travels too', () => {
  const grant = canaryGrant({ type: 'asked', at })
  const tables = Array.from({ length: 1000 }, (_, n) => `acme.hospital.${'t'.repeat(1000)}${n}`)
  const message = approvalRequested({ ...grant, told: { ...grant.told, tables } }, 0)
  expect(message?.tables).toEqual(tables.slice(0, 100))
  expect(() => message && encodeMessage(message)).not.toThrow()
})
