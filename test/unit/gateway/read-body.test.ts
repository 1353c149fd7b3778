import { gzipSync } from 'node:zlib'

import { describe, expect, test } from 'vitest'

import { readBody } from '../../../shared/gateway/read-body.ts'

const LIMIT = 1_000

function post(body: Buffer | ReadableStream | undefined, headers: Record<string, string> = {}) {
  const init = body === undefined ? {} : { body, duplex: 'half' as const }
  return new Request('http://gateway/', { method: 'POST', headers, ...init })
}

const read = (body: Buffer | ReadableStream | undefined, headers: Record<string, string> = {}) =>
  readBody(post(body, headers), LIMIT)

const gzip = { 'content-encoding': 'gzip' }

test.each([
  ['nothing', undefined, {}, ''],
  ['bytes', Buffer.from('{"a":1}'), {}, '{"a":1}'],
  ['bytes that say so', Buffer.from('x'), { 'content-encoding': 'identity' }, 'x'],
  ['bytes of a known length', Buffer.from('xyz'), { 'content-length': '3' }, 'xyz'],
  ['gzip', gzipSync('{"a":1}'), gzip, '{"a":1}'],
  ['gzip by its old name', gzipSync('x'), { 'content-encoding': 'X-GZIP' }, 'x'],
  ['gzip in two members', Buffer.concat([gzipSync('a'), gzipSync('b')]), gzip, 'ab'],
  ['just enough', Buffer.alloc(LIMIT, 'x'), {}, 'x'.repeat(LIMIT)],
  ['just enough, inflated', gzipSync(Buffer.alloc(LIMIT, 'x')), gzip, 'x'.repeat(LIMIT)],
])('%s', async (_what, body, headers, text) => {
  const bytes = await read(body, headers)
  expect(bytes.ok && bytes.value.toString()).toBe(text)
})

describe('too large', () => {
  const tooLarge = { ok: false, error: { problem: 'body-too-large', limit: LIMIT } }
  test.each([
    ['one byte too many', Buffer.alloc(LIMIT + 1), {}],
    ['announced', Buffer.from('x'), { 'content-length': String(LIMIT + 1) }],
    ['inflated', gzipSync(Buffer.alloc(LIMIT + 1)), gzip],
    ['in a second member', Buffer.concat([gzipSync('x'), gzipSync(Buffer.alloc(LIMIT))]), gzip],
    ['a bomb', gzipSync(Buffer.alloc(50_000_000)).subarray(0, LIMIT), gzip],
  ])('%s', async (_what, body, headers) => {
    expect(await read(body, headers)).toEqual(tooLarge)
  })

  test('without a length, no more is read than the limit', async () => {
    let pulled = 0
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 1
        controller.enqueue(Buffer.alloc(100))
      },
    })
    expect(await read(endless)).toEqual(tooLarge)
    expect(pulled).toBeLessThanOrEqual(LIMIT / 100 + 3)
  })
})

describe('malformed', () => {
  test.each([
    ['not gzip', Buffer.from('{"a":1}'), gzip, 'the body is not valid gzip'],
    ['cut gzip', gzipSync('{"a":1}').subarray(0, 15), gzip, 'the body is not valid gzip'],
    [
      'something after gzip',
      Buffer.concat([gzipSync('x'), Buffer.from('more')]),
      gzip,
      'not valid gzip',
    ],
    ['an empty body as gzip', Buffer.alloc(0), gzip, 'the body is not valid gzip'],
    [
      'twice',
      gzipSync(gzipSync('x')),
      { 'content-encoding': 'gzip, gzip' },
      'must be sent as it is',
    ],
    ['another way', Buffer.from('x'), { 'content-encoding': 'br' }, 'must be sent as it is'],
  ])('%s', async (_what, body, headers, words) => {
    expect(await read(body, headers)).toMatchObject({
      ok: false,
      error: { problem: 'malformed', message: expect.stringContaining(words) },
    })
  })
})

test('a connection that breaks is the caller who has gone', async () => {
  const broken = new ReadableStream({
    start: (controller) => {
      controller.enqueue(Buffer.from('{"a"'))
      controller.error(new Error('aborted'))
    },
  })
  expect(await read(broken)).toEqual({ ok: false, error: { problem: 'caller-gone' } })
})
