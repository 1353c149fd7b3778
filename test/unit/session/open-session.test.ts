import { describe, expect, test } from 'vitest'

import type { Principal } from '../../../shared/identity/principal.ts'
import { mint } from '../../../shared/kernel/brand.ts'
import { type RequestFacts, openSession } from '../../../shared/session/open-session.ts'

const credential = {
  kind: 'bearer',
  tokenDigest: 'd',
  tokenId: undefined,
  lifetime: 'sid-1',
  issuedAt: 1,
  expiresAt: 2,
} as const

const principal = (change: object = {}, token: object = {}): Principal =>
  mint<Principal>({
    issuer: 'https://id.example',
    subject: 'ana',
    groups: [],
    clientId: 'bq',
    email: undefined,
    claims: {},
    actors: [],
    credential: { ...credential, ...token },
    ...change,
  })

const facts = (change: Partial<RequestFacts> = {}): RequestFacts => ({
  sourceAddress: '192.0.2.7',
  userAgent: 'genai-toolbox/1.12.0+binary (x)',
  apiClient: 'gl-go/1.27.1',
  sessionName: undefined,
  labels: {},
  ...change,
})

const id = (who = principal(), what = facts()) => openSession(who, what).id
const usual = id()
const named = id(principal(), facts({ sessionName: 'nightly' }))

test('an id is 26 characters of base32', () => {
  expect(usual).toMatch(/^[a-z2-7]{26}$/)
})

describe('the same session', () => {
  test.each([
    ['another request', principal(), facts(), usual],
    ['another address', principal(), facts({ sourceAddress: '198.51.100.1' }), usual],
    ['another program of the same client', principal(), facts({ userAgent: 'curl/8' }), usual],
    [
      'a fresh token of the same sign-in',
      principal({}, { tokenDigest: 'e', issuedAt: 5 }),
      facts(),
      usual,
    ],
    ['the exchanged token', principal({}, { kind: 'exchanged' }), facts(), usual],
    ['other groups', principal({ groups: ['analysts'] }), facts(), usual],
    ['an empty name', principal(), facts({ sessionName: '' }), usual],
    [
      'a name, after signing in anew',
      principal({}, { lifetime: 'sid-2' }),
      facts({ sessionName: 'nightly' }),
      named,
    ],
    [
      'a name, from another client',
      principal({ clientId: 'node' }),
      facts({ sessionName: 'nightly' }),
      named,
    ],
  ])('%s', (_what, who, what, expected) => {
    expect(id(who, what)).toBe(expected)
  })
})

describe('another session', () => {
  const others: readonly (readonly [string, string])[] = [
    ['somebody else', id(principal({ subject: 'bob' }))],
    ['the same name at another issuer', id(principal({ issuer: 'https://id2.example' }))],
    ['another client', id(principal({ clientId: 'node' }))],
    ['another sign-in', id(principal({}, { lifetime: 'sid-2' }))],
    ['a name', named],
    ['another name', id(principal(), facts({ sessionName: 'Nightly' }))],
    [
      'the name of somebody else',
      id(principal({ subject: 'bob' }), facts({ sessionName: 'nightly' })),
    ],
    [
      'a name that spells a sign-in',
      id(principal(), facts({ sessionName: '["sign-in","bq","sid-1"]' })),
    ],
    ['no client but a program', id(principal({ clientId: undefined }))],
    [
      'no client but another program',
      id(principal({ clientId: undefined }), facts({ userAgent: 'curl/8' })),
    ],
    ['neither', id(principal({ clientId: undefined }), facts({ userAgent: undefined }))],
    [
      'issuer and subject cut elsewhere',
      id(principal({ issuer: 'https://id.example ana', subject: 'x' })),
    ],
  ]
  test.each(others)('%s', (_what, other) => {
    expect(other).not.toBe(usual)
  })
  test('all of them', () => {
    expect(new Set([usual, ...others.map(([, other]) => other)]).size).toBe(others.length + 1)
  })
})

test('what the platform saw and what the caller says are kept apart', () => {
  const session = openSession(
    principal(),
    facts({ sessionName: 'nightly', labels: { 'mcp-toolbox-tool': 'execute-sql' } }),
  )
  expect(session.verified).toEqual({ sourceAddress: '192.0.2.7' })
  expect(session.claimed).toEqual({
    userAgent: 'genai-toolbox/1.12.0+binary (x)',
    apiClient: 'gl-go/1.27.1',
    name: 'nightly',
    server: 'genai-toolbox/1.12.0+binary',
    tool: 'execute-sql',
  })
  expect(openSession(principal(), facts()).claimed.tool).toBeUndefined()
})

test('the label of a tool hid which server it belongs to', () => {
  const labels = { 'mcp-toolbox-tool': 'execute-sql' }
  expect(openSession(principal(), facts({ labels })).claimed).toMatchObject({
    server: 'genai-toolbox/1.12.0+binary',
    tool: 'execute-sql',
  })
  expect(openSession(principal(), facts({ labels, userAgent: undefined })).claimed).toMatchObject({
    server: undefined,
    tool: 'execute-sql',
  })
})
