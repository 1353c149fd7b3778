import { afterEach, beforeEach, expect, test } from 'vitest'

import { discoveredIssuers } from '../../../shared/adapters/oidc/discovered-issuers.ts'
import { errorOf } from '../../support/error-of.ts'
import { makeCall, methodCalls } from '../../support/method-calls.ts'
import * as faults from '../../support/stub-faults.ts'
import { jsonReply } from '../../support/stub-replies.ts'
import { type Respond, type StubUpstream, startStubUpstream } from '../../support/stub-upstream.ts'
import { GATEWAY, POLICY, SELECT, type World, world } from '../../support/world.ts'

let issuer: StubUpstream
let gateway: World
const outages: string[] = []
let later = 0

/** An issuer that publishes the world's key. */
const healthy: Respond = (request, response) => {
  const url = issuer.url.origin
  return jsonReply(
    200,
    request.path.endsWith('/jwks')
      ? { keys: [gateway.publicJwk] }
      : { issuer: url, jwks_uri: `${url}/jwks`, token_endpoint: `${url}/token` },
  )(request, response)
}

beforeEach(async () => {
  outages.length = 0
  later = 0
  issuer = await startStubUpstream(healthy)
  const { keySets } = discoveredIssuers({
    timeoutMs: 200,
    now: () => Date.now() + later,
    onUnreachable: (who) => outages.push(who),
  })
  const policy = POLICY.replace('https://id.acme.example', issuer.url.origin)
  gateway = await world({ keySets, policy })
})
afterEach(async () => {
  await gateway.close()
  await issuer.close()
})

const token = () => gateway.token('ana', { iss: issuer.url.origin })

test('an issuer that answers', async () => {
  expect((await gateway.query(SELECT, { token: await token() })).status).toBe(200)
  expect(outages).toEqual([])
})

test.each([
  ['hangs', faults.hang],
  ['resets', faults.resetBeforeHeaders],
  ['says 500', faults.htmlReply(500)],
  ['sends a web page', faults.htmlReply(200)],
  ['sends no end', faults.endless],
  ['names another issuer', jsonReply(200, { issuer: 'https://evil.example' })],
] as const)('an issuer that %s: 503, and no invitation to sign in again', async (_what, fault) => {
  issuer.respond(fault)
  const response = await gateway.query(SELECT, { token: await token() })
  expect(response.headers.has('www-authenticate')).toBe(false)
  const { code, reason, message } = await errorOf(response)
  expect({ code, reason }).toEqual({ code: 503, reason: 'backendError' })
  expect(message).not.toContain(issuer.url.origin)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('refusal')).toMatchObject([
    { problem: 'issuer-unreachable', detail: issuer.url.origin },
  ])
  expect(gateway.store.ofType('refusal')[0]?.principal).toBeUndefined()
  expect(outages).toEqual([issuer.url.origin])
})

test('an issuer that is gone lets nobody in to anything', async () => {
  await issuer.close()
  for (const call of methodCalls) {
    const response = await makeCall(gateway, call, { token: await token() })
    expect((await errorOf(response)).code).toBe(503)
  }
  expect(gateway.upstream.requests).toEqual([])
})

test('after the outage the same token is good', async () => {
  const bearer = await token()
  issuer.respond(faults.resetBeforeHeaders)
  expect((await gateway.query(SELECT, { token: bearer })).status).toBe(503)
  issuer.respond(healthy)
  later = 5_000
  expect((await gateway.query(SELECT, { token: bearer })).status).toBe(200)
})

test('who was known a moment ago still is', async () => {
  const bearer = await token()
  await gateway.query(SELECT, { token: bearer })
  await issuer.close()
  expect((await gateway.query(SELECT, { token: bearer })).status).toBe(200)
})

test('tokens of Sluice’s own need no issuer', async () => {
  const { requests } = issuer
  const bearer = await gateway.token('ana', { iss: GATEWAY })
  // Signed by nobody Sluice knows, and refused without asking anybody.
  expect((await gateway.query(SELECT, { token: bearer })).status).toBe(401)
  expect(requests).toEqual([])
})
