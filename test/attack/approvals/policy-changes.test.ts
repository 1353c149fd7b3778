import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import {
  ATTACK_POLICY,
  type AttackWorld,
  attackWorld,
  replaced,
} from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'

/** Claims are held for two now. */
const STRICTER = replaced(ATTACK_POLICY, { 'approval: office\n': 'approval: two\n' })
/** Nothing is held any more. */
const LAXER = replaced(ATTACK_POLICY, {
  'effect: require-approval\n    approval: office\n': 'effect: permit\n',
})

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld()
})
afterEach(() => {
  here.world.policy = undefined
})
afterAll(() => here.close())

let asked = 0
const held = () => here.held(`${CLAIMS} OFFSET ${(asked += 1)}`)

async function expectNotRun(grant: Grant, jobId: string): Promise<void> {
  const said = await here.rowsOf(jobId)
  expect(said.status).toBe(403)
  expect(said.text).toContain('the policy has changed since it was asked for; ask again')
  expect(said.text).not.toContain('"rows"')
  expect(here.jobsOf(grant)).toBe(0)
  expect(here.story(grant.call).slice(-2)).toEqual(['approval:not-started', 'outcome:not-run'])
}

test.each([
  ['the rule was removed', LAXER],
  ['it takes two by now', STRICTER],
  ['nothing was changed but a comment', `${ATTACK_POLICY}\n# reviewed\n`],
])('B61 approved under one policy it does not start under another: %s', async (_, policy) => {
  const { grant, jobId } = await held()
  here.enforce(policy)
  await here.cast(grant, 'petra')
  await expectNotRun(grant, jobId)
})

test('B61 asked under the new policy it does not start once the old one is back', async () => {
  here.enforce(STRICTER)
  const { grant, jobId } = await held()
  here.world.policy = undefined
  // One vote is enough by the old one.
  await here.cast(grant, 'petra')
  expect(await here.stateOf(grant)).toBe('approval-awaited')
  await here.cast(grant, 'paul')
  await expectNotRun(grant, jobId)
})

test('B61 how many have to agree is what it was when it was asked', async () => {
  const { grant } = await held()
  here.enforce(STRICTER)
  expect(grant.terms.map(({ id }) => id)).toEqual(['office'])
  await here.cast(grant, 'carla')
  expect(await here.stateOf(grant)).toBe('approval-awaited')
  expect(here.jobsOf(grant)).toBe(0)
})

test('B61 removing the rule in between lets nothing out under the old job', async () => {
  const { grant, jobId } = await held()
  here.enforce(LAXER)
  // The waiting job stays what it is; who may run it by now asks again.
  expect(await (await here.results(jobId)).json()).toMatchObject({ jobComplete: false })
  await here.gateway.desk.sweep()
  expect(here.jobsOf(grant)).toBe(0)
})
