import { expect, test } from 'vitest'

import { MAX_TOKEN_BYTES, bearerToken } from '../../../shared/identity/bearer-token.ts'

test.each([
  ['Bearer abc.def.ghi', 'abc.def.ghi'],
  ['bearer abc', 'abc'],
  ['BEARER a-._~+/9==', 'a-._~+/9=='],
  [`Bearer ${'a'.repeat(MAX_TOKEN_BYTES)}`, 'a'.repeat(MAX_TOKEN_BYTES)],
])('%s is a token', (header, token) => {
  expect(bearerToken(header)).toEqual({ ok: true, value: token })
})

test.each([
  [undefined, 'token-missing'],
  ['', 'token-missing'],
  ['Basic YTpi', 'token-missing'],
  ['BearerX abc', 'token-missing'],
  ['Bearer', 'token-malformed'],
  ['Bearer ', 'token-malformed'],
  ['Bearer  abc', 'token-malformed'],
  ['Bearer\tabc', 'token-missing'],
  ['Bearer abc def', 'token-malformed'],
  ['Bearer abc, Bearer def', 'token-malformed'],
  ['Bearer a=b', 'token-malformed'],
  ['Bearer "abc"', 'token-malformed'],
  ['Bearer abc\n', 'token-malformed'],
  ['Bearer äbc', 'token-malformed'],
  [`Bearer ${'a'.repeat(MAX_TOKEN_BYTES + 1)}`, 'token-malformed'],
])('%s is %s', (header, problem) => {
  expect(bearerToken(header)).toEqual({ ok: false, error: { problem } })
})
