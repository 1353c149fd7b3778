import { randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'

import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type LabWorld, labWorld } from '../../support/lab-world.ts'
import { DATABASES, POLICY, writeDatabase } from './databases.ts'
import { queries, shapes } from './queries.ts'

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

/** All that a caller sees of a query, page by page, without what two runs of one query differ in. */
async function seen(world: LabWorld | undefined, sql: string): Promise<readonly unknown[]> {
  if (world === undefined) throw new Error('no such world')
  const pages: unknown[] = []
  const ask = async (path: string, body?: object): Promise<Response> =>
    fetch(`${world.url}/bigquery/v2/projects/acme/queries${path}`, {
      headers: {
        authorization: `Bearer ${await world.gateway.token('ana')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
  let reply = await ask('', { query: sql, useLegacySql: false, maxResults: 3 })
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const text = await reply.text()
    const body = JSON.parse(text)
    pages.push([reply.status, headersOf(reply), withoutIds(text)])
    const { pageToken, jobReference } = body
    if (pageToken === undefined || pages.length > 8) return pages
    const query = new URLSearchParams({ pageToken, maxResults: '3', location: 'US' })
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    reply = await ask(`/${jobReference.jobId}?${query.toString()}`)
  }
}

function headersOf(reply: Response): readonly (readonly [string, string])[] {
  const changing = ['date', 'sluice-call', 'etag', 'content-length', 'x-request-id']
  return [...reply.headers].filter(([name]) => !changing.includes(name))
}

/** Ids, times and tokens are of the run, not of the data. */
function withoutIds(text: string): string {
  return text
    .replaceAll(/"(jobId|queryId|creationTime|startTime|endTime|etag|pageToken|location)": ?"[^"]*"/g, '"$1"')
    .replaceAll(/Sluice call [a-z2-7]{26}/g, 'call')
}

async function compare(sql: string, other: number): Promise<'permitted' | 'refused' | undefined> {
  const [a, b] = await Promise.all([seen(worlds[0], sql), seen(worlds[other], sql)])
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
