import { beforeEach, expect, test } from 'vitest'

import type { CredentialProvider } from '../../../shared/adapters/bigquery/credential.ts'
import { type Grant, tokenCache } from '../../../shared/adapters/bigquery/token-cache.ts'
import {
  type CredentialProblem,
  CredentialUnavailable,
} from '../../../shared/adapters/secret-manager/credential-unavailable.ts'
import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'

const MINUTE = 60_000
let now: number
let fetches: (Grant | undefined)[]
let failing: CredentialProblem | undefined
let reply: (previous: Grant | undefined) => Promise<Grant>
let cache: CredentialProvider

const grant = (text: string, refreshInMs = 55 * MINUTE): Grant => ({
  accessToken: new Redacted(text),
  version: 'v',
  expiresAt: now + 60 * MINUTE,
  refreshAt: now + refreshInMs,
})
const token = async () => (await cache.token()).accessToken?.reveal()

beforeEach(() => {
  now = 1_000_000_000
  fetches = []
  failing = undefined
  reply = () => Promise.resolve(grant(`token-${fetches.length}`))
  cache = tokenCache(
    async (previous) => {
      fetches.push(previous)
      await Promise.resolve()
      if (failing !== undefined) throw new CredentialUnavailable(failing)
      return reply(previous)
    },
    () => now,
  )
})

test('a hundred calls at once share one fetch', async () => {
  const tokens = await Promise.all(Array.from({ length: 100 }, token))
  expect(new Set(tokens)).toEqual(new Set(['token-1']))
  expect(fetches).toHaveLength(1)
})

test('the token serves until it is due, then the next one is fetched once', async () => {
  await token()
  now += 55 * MINUTE - 1
  expect(await token()).toBe('token-1')
  now += 1
  expect(new Set(await Promise.all([token(), token(), token()]))).toEqual(
    // Only who starts the fetch waits for it; the old token is good for five minutes more.
    new Set(['token-1', 'token-2']),
  )
  expect(fetches).toHaveLength(2)
})

test('a failure is shared, remembered for a second, and no longer', async () => {
  failing = 'token-endpoint-unavailable'
  const calls = await Promise.allSettled([token(), token(), token()])
  expect(calls.every(({ status }) => status === 'rejected')).toBe(true)
  now += 999
  await expect(token()).rejects.toThrow('no credential: token-endpoint-unavailable')
  expect(fetches).toHaveLength(1)
  failing = undefined
  now += 1
  expect(await token()).toBe('token-2')
})

test('an outage is bridged until the token expires, never past', async () => {
  await token()
  failing = 'secret-manager-unavailable'
  now += 55 * MINUTE
  expect(await token()).toBe('token-1')
  expect(await token()).toBe('token-1')
  expect(fetches, 'not asked again at once').toHaveLength(2)
  now += 30_000
  expect(await token()).toBe('token-1')
  expect(fetches).toHaveLength(3)
  now += 5 * MINUTE - 30_000 - 1
  expect(await token()).toBe('token-1')
  now += 1
  await expect(token()).rejects.toThrow('no credential: secret-manager-unavailable')
  failing = undefined
  now += 1000
  expect(await token()).toBe('token-5')
})

test.each(['secret-refused', 'token-refused'] as const)(
  '%s ends a valid token',
  async (problem) => {
    await token()
    failing = problem
    now += 55 * MINUTE
    await expect(token()).rejects.toThrow(`no credential: ${problem}`)
    now += 999
    await expect(token()).rejects.toThrow(`no credential: ${problem}`)
  },
)

test('an outage right after a refusal does not bring the token back', async () => {
  await token()
  failing = 'secret-refused'
  now += 55 * MINUTE
  await expect(token()).rejects.toThrow('secret-refused')
  failing = 'secret-manager-unavailable'
  now += 1000
  await expect(token()).rejects.toThrow('secret-manager-unavailable')
})

test('a refused token is replaced, once for all who were refused', async () => {
  const { accessToken } = await cache.token()
  if (accessToken === undefined) throw new Error('no token')
  for (let i = 0; i < 100; i += 1) cache.invalidate(accessToken)
  expect(new Set(await Promise.all([token(), token(), token()]))).toEqual(new Set(['token-2']))
  cache.invalidate(accessToken)
  expect(await token()).toBe('token-2')
  expect(fetches).toEqual([undefined, undefined])
})

test('BigQuery refusing every token costs one fetch in five seconds', async () => {
  for (let i = 0; i < 50; i += 1) {
    const { accessToken } = await cache.token()
    if (accessToken !== undefined) cache.invalidate(accessToken)
    now += 100
  }
  expect(fetches.length).toBeLessThanOrEqual(2)
  now += 5000
  const { accessToken } = await cache.token()
  if (accessToken !== undefined) cache.invalidate(accessToken)
  await token()
  expect(fetches.length).toBeLessThanOrEqual(3)
})

test('a token refused while it is being confirmed is not served again', async () => {
  reply = () => Promise.resolve(grant('token-1', 5 * MINUTE))
  const first = await cache.token()
  now += 5 * MINUTE
  const confirmed = Promise.withResolvers<void>()
  reply = async (previous) => {
    await confirmed.promise
    return previous ?? grant('token-2')
  }
  const waiting = token()
  if (first.accessToken !== undefined) cache.invalidate(first.accessToken)
  const after = token()
  confirmed.resolve()
  expect(await Promise.all([waiting, after])).toEqual(['token-2', 'token-2'])
})

test('a bug is no outage', async () => {
  reply = () => Promise.reject(new TypeError('a bug'))
  await expect(token()).rejects.toThrow(TypeError)
  await expect(token()).rejects.toThrow(TypeError)
  expect(fetches).toHaveLength(2)
})
