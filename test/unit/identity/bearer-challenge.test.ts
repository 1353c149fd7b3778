import { expect, test } from 'vitest'

import { bearerChallenge } from '../../../shared/gateway/sign-in/bearer-challenge.ts'
import type { IdentityProblem } from '../../../shared/identity/principal.ts'

const resourceMetadataUrl = 'https://sluice.example/.well-known/oauth-protected-resource'
const issuer = 'https://issuer.example'
const at = `resource_metadata="${resourceMetadataUrl}"`

test.each<[IdentityProblem, string | undefined]>([
  [{ problem: 'token-missing' }, `Bearer ${at}`],
  [
    { problem: 'token-malformed' },
    `Bearer error="invalid_token", error_description="the bearer token is no signed JWT", ${at}`,
  ],
  [
    { problem: 'token-expired', issuer },
    `Bearer error="invalid_token", error_description="the token expired; get a new one", ${at}`,
  ],
  [
    { problem: 'issuer-unknown' },
    `Bearer error="invalid_token", error_description="the token is of no issuer that this gateway trusts", ${at}`,
  ],
  [
    { problem: 'token-invalid', issuer, code: 'audience' },
    `Bearer error="invalid_token", error_description="the token is not accepted (audience)", ${at}`,
  ],
  [
    { problem: 'token-invalid', issuer, code: 'a"\\\r\nb' },
    `Bearer error="invalid_token", error_description="the token is not accepted (a????b)", ${at}`,
  ],
  [{ problem: 'issuer-unreachable', issuer }, undefined],
])('%j', (problem, challenge) => {
  expect(bearerChallenge(problem, { resourceMetadataUrl })).toBe(challenge)
})
