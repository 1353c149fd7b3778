import { expect, test } from 'vitest'

import { retentionWorld } from '../../../support/retention-world.ts'
import { publishedLeaves } from '../../../support/sealed-leaves.ts'

test('what ends a call that another batch began is archived with its request', async () => {
  const world = retentionWorld()
  await world.call('acme.trials.phase2')
  const ids = [...world.store.raw.keys()]
  const end = ids.find((id) => id.endsWith('~end')) ?? ''
  const raw = world.store.raw.get(end)
  if (raw === undefined) throw new Error('no end')
  world.store.put(raw, (world.world.now + 2_000) * 1000)
  await world.seal()
  expect((await publishedLeaves(world.objects)).some(({ leaf }) => leaf.i === end)).toBe(false)
  world.later(2_000)
  await world.seal()
  expect(world.archives().filter((path) => path.includes('/trials/'))).toHaveLength(2)
})

test('a store that does not answer keeps nothing from being sealed', async () => {
  const world = retentionWorld()
  const [, end = ''] = await world.call('acme.trials.phase2')
  const request = [...world.store.raw.keys()].find((id) => id.endsWith('~request')) ?? ''
  world.store.take(request)
  await world.seal()
  const leaves = await publishedLeaves(world.objects)
  expect(leaves.some(({ leaf }) => leaf.i === end)).toBe(true)
  expect(world.archives().some((path) => path.includes('/trials/'))).toBe(false)
})
