import { expect, test } from 'vitest'

import { parseErrorBody } from '../../../shared/bigquery/upstream-error.ts'

const parse = (value: unknown) => parseErrorBody(Buffer.from(JSON.stringify(value)))

test('the first error names the reason', () => {
  const errors = [
    {
      message: 'm',
      domain: 'global',
      reason: 'invalidQuery',
      location: 'q',
      locationType: 'parameter',
    },
    { message: 'other', domain: 'global', reason: 'other' },
  ]
  expect(parse({ error: { code: 400, message: 'm', errors, status: 'INVALID_ARGUMENT' } })).toEqual(
    {
      code: 400,
      reason: 'invalidQuery',
      message: 'm',
      status: 'INVALID_ARGUMENT',
      location: 'q',
    },
  )
})

test('an error of the front end has no reason', () => {
  expect(parse({ error: { code: 503, message: 'later', details: [] } })).toEqual({
    code: 503,
    reason: undefined,
    message: 'later',
    status: undefined,
    location: undefined,
  })
})

test.each([
  ['no JSON', Buffer.from('<!DOCTYPE html>')],
  ['nothing', Buffer.alloc(0)],
  ['a string', Buffer.from('"error"')],
  ['null', Buffer.from('null')],
  ['an OAuth error', Buffer.from('{"error":"invalid_grant"}')],
  ['a code that is text', Buffer.from('{"error":{"code":"400","message":"m"}}')],
  ['errors that are no list', Buffer.from('{"error":{"code":400,"message":"m","errors":{}}}')],
  [
    'more than a mebibyte',
    Buffer.from(`{"error":{"code":400,"message":"${'m'.repeat(1 << 20)}"}}`),
  ],
])('%s is no error of BigQuery', (_name, body) => {
  expect(parseErrorBody(body)).toBeUndefined()
})
