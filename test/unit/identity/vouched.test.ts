import { describe, expect, test } from 'vitest'

import { toPrincipal } from '../../../shared/identity/to-principal.ts'
import type { TrustedIssuer } from '../../../shared/identity/trusted-issuer.ts'
import { readVouched } from '../../../shared/identity/vouched.ts'

const issuer: TrustedIssuer = {
  issuer: 'https://ci.example',
  audiences: ['https://sluice.example'],
  algorithms: ['RS256'],
  groupsClaim: 'groups',
  clientClaim: 'azp',
  clients: undefined,
  requiredClaims: { repository_owner: ['acme'] },
  recordedClaims: [],
  groupMappings: [
    { group: 'ci', when: { repository: ['acme/*'], ref: ['refs/heads/main', 'refs/tags/*'] } },
    { group: 'analysts', when: { repository: ['acme/reports'] } },
  ],
  signIn: undefined,
}
const credential = {
  kind: 'bearer',
  tokenDigest: 'digest',
  tokenId: 'jti',
  issuedAt: 1000,
  expiresAt: 2000,
} as const

function principal(claims: object, trusted: TrustedIssuer = issuer): unknown {
  const vouched = readVouched(
    { sub: 'job', iat: 1000, repository_owner: 'acme', ...claims },
    trusted,
  )
  if (!vouched.ok) return vouched.error
  const judged = toPrincipal(vouched.value, trusted, credential)
  return judged.ok ? judged.value : judged.error
}

test('a CI job becomes a principal with what policy names and no more', () => {
  expect(
    principal({
      repository: 'acme/reports',
      ref: 'refs/heads/main',
      run_id: 17,
      groups: ['analysts', 'builders'],
      azp: 'runner',
      email: 'job@acme.example',
      email_verified: true,
      act: { sub: 'runner-1', iss: 'https://runners.example', act: { sub: 'scheduler' } },
    }),
  ).toEqual({
    issuer: 'https://ci.example',
    subject: 'job',
    groups: ['analysts', 'builders', 'ci'],
    clientId: 'runner',
    email: 'job@acme.example',
    claims: { repository_owner: 'acme', repository: 'acme/reports', ref: 'refs/heads/main' },
    actors: [
      { issuer: 'https://runners.example', subject: 'runner-1' },
      { issuer: undefined, subject: 'scheduler' },
    ],
    credential: { ...credential, lifetime: '1000' },
  })
})

test('the run of a CI job was lost', () => {
  const job = { repository: 'acme/etl', run_id: 17, sha: 'c0ffee', kubernetes: { pod: 'p-1' } }
  const keeping = { ...issuer, recordedClaims: ['run_id', 'sha', 'kubernetes.pod', 'absent'] }
  expect(principal(job, keeping)).toMatchObject({
    claims: {
      repository_owner: 'acme',
      repository: 'acme/etl',
      run_id: '17',
      sha: 'c0ffee',
      'kubernetes.pod': 'p-1',
    },
  })
  expect(principal(job, keeping)).not.toHaveProperty('claims.absent')
  expect(principal(job)).not.toHaveProperty('claims.run_id')
})

describe('groups', () => {
  test.each([
    ['absent', {}, []],
    ['a single string', { groups: 'analysts' }, ['analysts']],
    ['an overage pointer', { _claim_names: { groups: 'src1' } }, []],
    ['an object', { groups: { analysts: true } }, []],
    ['not all strings', { groups: ['a', 7] }, ['a']],
    ['mapped only when every claim matches', { repository: 'acme/x', ref: 'refs/pull/1' }, []],
    ['mapped', { repository: 'acme/x', ref: 'refs/tags/v1' }, ['ci']],
    ['not mapped by a look-alike', { repository: 'acme-evil/x', ref: 'refs/tags/v1' }, []],
  ])('%s', (_what, claims, groups) => {
    expect(principal(claims)).toMatchObject({ groups })
  })
})

describe('the lifetime of a sign-in', () => {
  test.each([
    [{ sid: 'S', auth_time: 5 }, 'S'],
    [{ auth_time: 5 }, '5'],
    [{ sid: 7, auth_time: 'x' }, '1000'],
  ])('%j', (claims, lifetime) => {
    expect(principal(claims)).toMatchObject({ credential: { lifetime } })
  })
})

describe('an address', () => {
  test.each([
    [{ email: 'a@b.example', email_verified: true }, 'a@b.example'],
    [{ email: 'a@b.example' }, undefined],
    [{ email: 'a@b.example', email_verified: 'true' }, undefined],
    [{ email: ['a@b.example'], email_verified: true }, undefined],
  ])('%j', (claims, email) => {
    expect(principal(claims)).toHaveProperty('email', email)
  })
})

describe('refused', () => {
  const nested = (depth: number): object =>
    depth === 0 ? { sub: 'a' } : { sub: 'a', act: nested(depth - 1) }
  test.each([
    ['no sub', { sub: undefined }, 'subject'],
    ['an empty sub', { sub: '' }, 'subject'],
    ['an endless sub', { sub: 'a'.repeat(1025) }, 'subject'],
    ['half a character', { sub: 'a\uD800' }, 'claims'],
    ['half a character in a group', { groups: ['\uDC00'] }, 'claims'],
    ['half a character in a kept claim', { ref: { '\uDC00': 1 } }, 'claims'],
    ['act without sub', { act: {} }, 'act'],
    ['act that is no object', { act: 'somebody' }, 'act'],
    ['act too deep', { act: nested(8) }, 'act'],
    ['a required claim of another value', { repository_owner: 'evil' }, 'required-claim'],
    ['a required claim missing', { repository_owner: undefined }, 'required-claim'],
  ])('%s', (_what, claims, fault) => {
    expect(principal(claims)).toBe(fault)
  })
})

describe('clients', () => {
  const signIn = { clientId: 'sluice', clientSecret: undefined }
  const strict = { ...issuer, clients: ['mcp'], signIn }
  test.each([
    [{ azp: 'mcp' }, 'mcp'],
    [{ azp: 'sluice' }, 'sluice'],
  ])('%j may', (claims, clientId) => {
    expect(principal(claims, strict)).toMatchObject({ clientId })
  })
  test.each([[{ azp: 'other' }], [{}], [{ azp: 7 }]])('%j may not', (claims) => {
    expect(principal(claims, strict)).toBe('client')
  })
})
