import { describe, expect, test } from 'vitest'

import { decodeMessage, encodeMessage } from '../../../shared/adapters/message-codec.ts'
import type { ApprovalMessage } from '../../../shared/approval/messages.ts'
import { sampleRequested, sampleVote } from '../../support/sample-messages.ts'

const box = { durationMs: 3_600_000, maximumBytes: 10_000_000 }
const messages: readonly ApprovalMessage[] = [
  sampleRequested(),
  { ...sampleRequested(), estimatedBytes: undefined, tables: [], news: 'broke-glass' },
  sampleVote(),
  sampleVote(2, { verdict: 'approve', reason: '', box }),
]

test.each(messages)('a message comes back as it was', (message) => {
  expect(decodeMessage(encodeMessage(message))).toEqual({ ok: true, value: message })
})

test('a message is a CloudEvent', () => {
  const { attributes, data } = encodeMessage(sampleRequested())
  expect(attributes).toEqual({
    'ce-specversion': '1.0',
    'ce-id': 'aaaaaaiaaaaaaaaaaaaaaaaaaa~0',
    'ce-type': 'dev.sluice.approval.requested',
    'ce-source': '/sluice',
    'ce-time': '2026-09-21T14:13:20.000Z',
    'ce-subject': 'aaaaaaiaaaaaaaaaaaaaaaaaaa',
    'content-type': 'application/json',
  })
  expect(JSON.parse(Buffer.from(data).toString())).toEqual({
    news: 'asked',
    digest: 'd'.repeat(64),
    tables: ['acme.hospital.claims'],
    estimatedBytes: 1024,
  })
})

test('what Pub/Sub adds to a dead letter does not matter', () => {
  const { attributes, data } = encodeMessage(sampleVote())
  const dead = {
    ...attributes,
    CloudPubSubDeadLetterSourceDeliveryCount: '5',
    CloudPubSubDeadLetterSourceSubscription: 'approval-decisions-resolver',
  }
  expect(decodeMessage({ attributes: dead, data })).toEqual({ ok: true, value: sampleVote() })
})

test.each<readonly [string, ApprovalMessage]>([
  ['that is too large', sampleVote(1, { reason: 'x'.repeat(300_000) })],
  ['with a no that says nothing', sampleVote(1, { reason: '' })],
  ['about a digest that is none', sampleVote(1, { digest: 'the one I saw' })],
  ['that splits its envelope', { ...sampleRequested(), id: 'a\nce-type: b' }],
  ['of a vote that has another id', { ...sampleVote(1), id: 'vote-2' }],
  ['without text', sampleVote(1, { reason: '\ud800' })],
])('a message %s is not sent', (_what, message) => {
  expect(() => encodeMessage(message)).toThrow(/nobody would believe|well-formed|id of its message/)
})

describe('what is not understood is no message', () => {
  const good = encodeMessage(sampleVote())
  const cast = JSON.parse(Buffer.from(good.data).toString())
  const asked = encodeMessage(sampleRequested())

  test.each<readonly [string, Readonly<Record<string, string | undefined>>]>([
    ['another version', { 'ce-specversion': '0.3' }],
    ['another type', { 'ce-type': 'dev.sluice.approval.revoked' }],
    ['another source', { 'ce-source': '/other' }],
    ['another content type', { 'content-type': 'application/json; charset=utf-16' }],
    ['no id', { 'ce-id': undefined }],
    ['an id that is a path', { 'ce-id': '../x' }],
    ['an empty id', { 'ce-id': '' }],
    ['a time without zone', { 'ce-time': '2026-09-21T14:13:20.000' }],
    ['a time with offset', { 'ce-time': '2026-09-21T14:13:20.000+02:00' }],
    ['a day that does not exist', { 'ce-time': '2026-02-30T14:13:20.000Z' }],
    ['a subject that is no grant', { 'ce-subject': 'GRANT' }],
    ['an unknown attribute', { 'ce-extra': 'x' }],
    ['an attribute that looks like one of a dead letter', { 'CloudPubSubDeadLetterSource-x': 'x' }],
    ['the type of another message', { 'ce-type': sampleRequested().type }],
  ])('%s', (_what, change) => {
    const merged = Object.entries({ ...good.attributes, ...change })
    const attributes = Object.fromEntries(
      merged.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    )
    expect(decodeMessage({ attributes, data: good.data }).ok).toBe(false)
  })

  test.each<readonly [string, unknown]>([
    ['an unknown member', { ...cast, sql: 'SELECT 1' }],
    ['an unknown member of the voter', { ...cast, by: { ...cast.by, admin: true } }],
    ['an unknown verdict', { ...cast, verdict: 'maybe' }],
    ['a no without a reason', { ...cast, reason: '' }],
    ['no voter', { ...cast, by: undefined }],
    ['a voter without subject', { ...cast, by: { ...cast.by, subject: '' } }],
    ['groups that are a text', { ...cast, by: { ...cast.by, groups: 'privacy-office' } }],
    ['a digest that is none', { ...cast, digest: 'D'.repeat(64) }],
    ['a box without end', { ...cast, box: { ...box, durationMs: 0 } }],
    ['a box of less than nothing', { ...cast, box: { ...box, maximumBytes: -1 } }],
    ['an array', [cast]],
    ['null', null],
  ])('%s', (_what, payload) => {
    const data = Buffer.from(JSON.stringify(payload))
    expect(decodeMessage({ attributes: good.attributes, data }).ok).toBe(false)
  })

  test.each<readonly [string, Uint8Array]>([
    ['no data', Buffer.alloc(0)],
    ['text', Buffer.from('vote')],
    [
      'a double key',
      Buffer.from(`{"verdict":"approve",${Buffer.from(good.data).toString().slice(1)}`),
    ],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good.data])],
    ['UTF-16', Buffer.from(Buffer.from(good.data).toString(), 'utf16le')],
    ['more than its limit', Buffer.from(JSON.stringify({ ...cast, reason: 'x'.repeat(300_000) }))],
    ['a thousand brackets', Buffer.from('['.repeat(1000) + ']'.repeat(1000))],
    ['the data of another type', asked.data],
  ])('%s', (_what, data) => {
    expect(decodeMessage({ attributes: good.attributes, data }).ok).toBe(false)
  })

  test('and the reason quotes nothing of it', () => {
    const data = Buffer.from(JSON.stringify({ ...cast, secret: 'canary', verdict: 'canary' }))
    const attributes = { ...good.attributes, canary: 'canary' }
    for (const encoded of [
      { attributes, data },
      { ...good, data },
    ])
      expect(JSON.stringify(decodeMessage(encoded))).not.toContain('canary')
  })
})
