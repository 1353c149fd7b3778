import { randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'

import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type LabWorld, labWorld } from '../../support/lab-world.ts'
import { DATABASES, POLICY, writeDatabase } from './databases.ts'
import { queries, shapes } from './queries.ts'
import { seen } from './seen.ts'

const RUNS = Number(process.env['NON_INTERFERENCE_RUNS'] ?? 2_000)
const SEED = Number(process.env['NON_INTERFERENCE_SEED'] ?? randomInt(2 ** 31))
const AT_ONCE = 8

const folders: string[] = []
let worlds: readonly LabWorld[]
beforeAll(async () => {
  folders.push(...DATABASES.map(writeDatabase))
  worlds = await Promise.all(folders.map((data) => labWorld({}, { data, policy: POLICY })))
})
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.close()))
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function worldOf(index: number): LabWorld {
  const world = worlds[index]
  if (world === undefined) throw new Error('no such world')
  return world
}

async function compare(sql: string, other: number): Promise<'permitted' | 'refused' | undefined> {
  const [a, b] = await Promise.all([seen(worldOf(0), sql), seen(worldOf(other), sql)])
  expect(b, `seed ${SEED}, database ${other}: ${sql}`).toEqual(a)
  return a.length > 0 && Array.isArray(a[0]) && a[0][0] === 200 ? 'permitted' : 'refused'
}

test.each(shapes)('%s', async (sql) => {
  await Promise.all([1, 2, 3].map((other) => compare(sql, other)))
})

test(
  `${RUNS} pairs with seed ${SEED}: what is masked changes nothing that is seen`,
  { timeout: 60_000 + RUNS * 400 },
  async () => {
    const sampled = fc.sample(queries, { numRuns: RUNS, seed: SEED })
    const outcomes = { permitted: 0, refused: 0 }
    let next = 0
    const work = async (): Promise<void> => {
      while (next < sampled.length) {
        const index = next++
        const sql = sampled[index] ?? ''
        // oxlint-disable-next-line no-await-in-loop
        const outcome = await compare(sql, 1 + (index % (DATABASES.length - 1)))
        if (outcome !== undefined) outcomes[outcome]++
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    // A property that only ever sees refusals proves nothing.
    expect(outcomes.permitted / RUNS).toBeGreaterThan(0.25)
    console.info(`${RUNS} pairs, ${outcomes.permitted} permitted, seed ${SEED}`)
  },
)
