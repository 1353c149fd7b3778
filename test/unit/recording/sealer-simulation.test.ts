import { expect, vi } from 'vitest'

import { parseManifest } from '../../../shared/recording/log/parse-manifest.ts'
import { guarantee } from '../../support/guarantee.ts'
import { checkpointIn, publishedLeaves, wrongWithLog } from '../../support/sealed-leaves.ts'
import { type Simulated, simulateSealers } from '../../support/sealer-simulation.ts'

/** How many batches have to come to count. */
const SEALS = Number(process.env['SEALER_RUNS'] ?? 150)
const STEPS = 6_000

vi.setConfig({ testTimeout: 60_000 + SEALS * 100 })

guarantee('sealed-once', async () => {
  const total = { seals: 0, crashes: 0, outages: 0, overtaken: 0, stale: 0, leaves: 0, runs: 0 }
  for (let seed = 1; total.seals < SEALS; seed += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const simulated = await simulateSealers(seed, STEPS)
    // oxlint-disable-next-line no-await-in-loop
    expect(await wrongWith(simulated), `seed ${seed}`).toEqual([])
    total.runs += 1
    total.seals += simulated.seals
    total.crashes += simulated.crashes
    total.outages += simulated.outages
    total.overtaken += simulated.overtaken
    const sizes = simulated.world.objects.replaced.map((note) => checkpointIn(note).size)
    total.stale += sizes.filter((size, place) => size < (sizes[place - 1] ?? 0)).length
    total.leaves += sizes.at(-1) ?? 0
  }
  console.info('sealer simulation', total)
  expect(total.crashes).toBeGreaterThan(0)
  expect(total.overtaken).toBeGreaterThan(0)
})

async function wrongWith({ world, broken }: Simulated): Promise<readonly string[]> {
  const { objects, state, store } = world
  const leaves = await publishedLeaves(objects)
  const known = JSON.parse((await state.read())?.bytes.toString() ?? '{}') as { size?: number }
  const sealed = leaves.map(({ leaf }) => leaf.i)
  const durable = [...store.raw.keys()]
  return [
    ...broken.map(String),
    ...(await wrongWithLog(objects)),
    ...(known.size === leaves.length ? [] : ['the state is another than what is published']),
    ...(new Set(sealed).size === sealed.length ? [] : ['a leaf is there twice']),
    ...durable.filter((id) => !sealed.includes(id)).map((id) => `${id} is not sealed`),
    ...sealed.filter((id) => !durable.includes(id)).map((id) => `${id} is sealed and not there`),
    ...wrongWithManifests(
      leaves.map(({ leaf }) => leaf),
      store.raw,
    ),
  ]
}

type Leaves = readonly Awaited<ReturnType<typeof publishedLeaves>>[number]['leaf'][]

/** Every manifest says of its batch what the leaves say. */
function wrongWithManifests(
  leaves: Leaves,
  raw: Simulated['world']['store']['raw'],
): readonly string[] {
  const wrong: string[] = []
  let before = { size: 0, until: 0, batch: -1 }
  for (const [index, { k, i }] of leaves.entries()) {
    if (k !== 'sealed-batch') continue
    const manifest = parseManifest(raw.get(i)?.bytes ?? Buffer.alloc(0))
    const places = [...leaves.keys()].slice(before.size, index)
    const late = places.filter((place) => (leaves[place]?.c ?? 0) < before.until)
    const invalid = places.filter((place) => leaves[place]?.k === 'invalid')
    const until = Math.max(before.until, ...places.map((place) => leaves[place]?.c ?? 0))
    expect(manifest).toMatchObject({ from: before.size, size: index + 1, until, late, invalid })
    expect(manifest?.batch).toBe(before.batch + 1)
    before = { size: index + 1, until, batch: before.batch + 1 }
  }
  if (before.size !== leaves.length) wrong.push('the last leaf is no manifest')
  return wrong
}
