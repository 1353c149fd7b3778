import { afterEach, expect, test } from 'vitest'

import { type IdentityWorld, identityWorld, post } from '../../support/identity-world.ts'
import { POLICY, SELECT, type World, world } from '../../support/world.ts'

let gateway: World | undefined
let identity: IdentityWorld | undefined
afterEach(async () => {
  await gateway?.close()
  await identity?.close()
  gateway = identity = undefined
})

const RECORDING = POLICY.replace(
  '    clients: [bq, mcp-toolbox]\n',
  '    clients: [bq, mcp-toolbox]\n    claims: { record: [run_id, sha] }\n',
).replace(
  'rules:\n',
  `rules:
  - id: no-stopped-run
    description: This run went wrong.
    effect: deny
    when: has(principal.claims.run_id) && principal.claims.run_id == "13"
`,
)

test('the run of a CI job was not on the record', async () => {
  gateway = await world({ policy: RECORDING })
  const token = await gateway.token('etl', { run_id: 17, sha: 'c0ffee', actor: 'octocat' })
  expect((await gateway.query(SELECT, { token })).status).toBe(200)
  const claims = { run_id: '17', sha: 'c0ffee' }
  expect(gateway.store.ofType('request')[0]?.principal.claims).toEqual(claims)
})

test('a rule may ask for it', async () => {
  gateway = await world({ policy: RECORDING })
  const token = await gateway.token('etl', { run_id: 13 })
  expect((await gateway.query(SELECT, { token })).status).toBe(403)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('refusal')).toMatchObject([
    {
      decision: { rules: ['etl-writes', 'no-stopped-run'] },
      principal: { claims: { run_id: '13' } },
    },
  ])
})

test('it survives the exchange', async () => {
  identity = await identityWorld({ recordedClaims: ['run_id'] })
  const reply = await post(identity.app, '/v1/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: await identity.forge({ run_id: 17, sha: 'c0ffee' }),
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  })
  const { access_token: token } = (await reply.json()) as { access_token: string }
  expect(await identity.identify(`Bearer ${token}`, identity.time)).toMatchObject({
    value: { claims: { run_id: '17' }, credential: { kind: 'exchanged' } },
  })
})
