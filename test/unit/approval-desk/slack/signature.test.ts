import { createHmac, createSecretKey } from 'node:crypto'
import { inspect } from 'node:util'

import { expect, test } from 'vitest'

import { slackSignatures } from '../../../../shared/approval-desk/slack/signature.ts'
import { err, ok } from '../../../../shared/kernel/result.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const secret = createSecretKey(Buffer.from('a-signing-secret-of-slack'))

function signed(text: string, at = NOW) {
  const timestamp = String(Math.floor(at / 1000))
  const body = Buffer.from(text)
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body)
  return { timestamp, body, signature: `v0=${hmac.digest('hex')}` }
}

test('a secret that anybody could guess makes no endpoint', () => {
  for (const bytes of [0, 1, 15])
    expect(() => slackSignatures([secret, createSecretKey(Buffer.alloc(bytes))])).toThrow(
      'missing or too short',
    )
  expect(() => slackSignatures([])).toThrow('missing or too short')
  expect(inspect(secret, { depth: 9, showHidden: true })).not.toContain('signing-secret')
})

test('it is over bytes, not over what they might mean', () => {
  const verify = slackSignatures([secret])
  const { timestamp, signature } = signed('a')
  expect(verify({ timestamp, signature, body: Buffer.from([0x61]) }, NOW)).toEqual(ok(undefined))
  const bad = signed('\uFFFD')
  expect(verify({ ...bad, body: Buffer.from([0xff]) }, NOW)).toEqual(err('signature-wrong'))
})

test.each([
  [-300_000, true],
  [-301_000, false],
  [300_000, true],
  [301_000, false],
])('a signature made %d ms from now: %s', (off, isGood) => {
  const verify = slackSignatures([secret])
  expect(verify(signed('a', NOW + off), NOW)).toEqual(isGood ? ok(undefined) : err('stale'))
})

test('what was seen is remembered, but not for ever and not without end', () => {
  const verify = slackSignatures([secret])
  const first = signed('first')
  expect(verify(first, NOW)).toEqual(ok(undefined))
  for (let i = 0; i < 9_998; i++) verify(signed(`more ${i}`), NOW)
  expect(verify(first, NOW)).toEqual(err('replayed'))
  // One more than there is room for: the oldest goes.
  verify(signed('one'), NOW)
  verify(signed('two'), NOW)
  expect(verify(first, NOW)).toEqual(ok(undefined))
})
