import { Hono } from 'hono'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type IdentityWorld, identityWorld } from '../../support/identity-world.ts'
import { runSluice } from '../../support/run-sluice.ts'
import { served } from '../../support/served.ts'

const subjects: unknown[] = []
let world: IdentityWorld
let gateway: Awaited<ReturnType<typeof served>>
beforeAll(async () => {
  world = await identityWorld()
  const app = new Hono().route('/', world.app).get('/v1/approvals', (c) => {
    subjects.push(decodeJwt(c.req.header('authorization')?.slice(7) ?? '').sub)
    return c.json({ approvals: [] })
  })
  gateway = await served(() => app)
})
afterAll(async () => {
  await gateway.close()
  await world.close()
})

const list = (...args: readonly string[]) =>
  runSluice('approvals', 'list', '--gateway', gateway.url, ...args)

test('--as signs in at the local issuer, as whoever is named', async () => {
  expect((await list('--as', 'petra')).code).toBe(0)
  expect((await list('--as', 'mcp-agent')).code).toBe(0)
  expect(subjects).toEqual(['petra', 'mcp-agent'])
})

test.each([
  [['--as', 'nobody'], 1, 'no identity of that name'],
  [['--as', 'petra', '--secret', 'wrong'], 1, 'another secret'],
  [['--as', 'petra', '--token-file', '/dev/null'], 2, 'not both'],
])('%j ends with %i', async (args, code, words) => {
  const before = subjects.length
  const ended = await list(...args)
  expect(ended.code).toBe(code)
  expect(ended.err).toContain(words)
  expect(subjects).toHaveLength(before)
})
