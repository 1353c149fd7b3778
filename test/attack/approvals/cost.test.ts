import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

import {
  ATTACK_POLICY,
  type AttackWorld,
  attackWorld,
  replaced,
} from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'

const MIB = 2 ** 20

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld(
    replaced(ATTACK_POLICY, {
      'location: US': 'location: US\n    limits: { maximumBytesBilled: 40 MiB, jobTimeout: 10m }',
      'rules:': `rules:
  - id: nothing-large
    description: Nobody reads much at once.
    effect: deny
    when: query.tables.exists(t, t == "acme.hospital.x_grows") && query.estimatedBytes > 100`,
    }),
  )
})
afterAll(() => here.close())

let asked = 0
const fresh = () => `${CLAIMS} OFFSET ${(asked += 1)}`

const started = z.object({
  configuration: z.object({
    labels: z.object({ sluice_entry: z.string() }),
    query: z.object({ query: z.string(), maximumBytesBilled: z.string() }),
    jobTimeoutMs: z.string().optional(),
  }),
})

/** The limits under which BigQuery got the last job by `jobs.insert`. */
function lastJob() {
  const jobs = here.heard.flatMap(({ body }) => {
    const job = started.safeParse(body)
    return job.success ? [job.data.configuration] : []
  })
  const last = jobs.at(-1)
  if (last === undefined) throw new Error('no job was started')
  return last
}

test.each([
  ['asks for no limit', undefined, 40 * MIB],
  ['asks for more', String(2 ** 50), 40 * MIB],
  ['means no limit by 0', '0', 40 * MIB],
  ['asks for less', String(20 * MIB), 20 * MIB],
])(
  'B62 what was approved bills no more than policy lets it: the client %s',
  async (_, limit, most) => {
    const options = limit === undefined ? {} : { maximumBytesBilled: limit }
    const { grant, jobId } = await here.held(fresh(), { with: options })
    await here.cast(grant, 'petra')
    expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
    const { query, jobTimeoutMs } = lastJob()
    expect(query.query).toBe(grant.request.sql)
    expect(Number(query.maximumBytesBilled)).toBe(most)
    expect(jobTimeoutMs).toBe('600000')
  },
)

test('B62 under a time box a query bills no more than it said it would', async () => {
  const { grant, jobId } = await here.held(fresh(), { as: 'etl' })
  await here.cast(grant, 'petra', { box: { duration: '1h', maximumBytes: '1 GiB' } })
  await here.rowsOf(jobId, 'etl')
  const reply = await here.gateway.insert(fresh(), { as: 'etl' })
  expect(reply.status).toBe(200)
  // 10 MiB is the least that BigQuery bills for a table.
  expect(Number(lastJob().query.maximumBytesBilled)).toBe(10 * MIB)
})

test('B62 it is estimated anew before it starts, and what policy says of that counts', async () => {
  await here.behind('CREATE TABLE acme.hospital.x_grows AS SELECT 1 AS id')
  const { grant, jobId } = await here.held('SELECT id FROM acme.hospital.x_grows')
  expect(grant.told.estimatedBytes).toBe(8)
  await here.behind(
    'INSERT INTO acme.hospital.x_grows (id) SELECT n FROM UNNEST(GENERATE_ARRAY(1, 1000)) AS n',
  )
  await here.cast(grant, 'petra')
  const said = await here.rowsOf(jobId)
  expect(said.status).toBe(403)
  expect(said.text).toContain('policy does not let you run it any more')
  expect(here.jobsOf(grant)).toBe(0)
})

test('B62 does not hold: without a limit in policy, what was estimated bounds nothing', async () => {
  await here.behind('CREATE TABLE acme.hospital.x_free AS SELECT 1 AS id')
  const { grant, jobId } = await here.held('SELECT id FROM acme.hospital.x_free')
  await here.behind(
    'INSERT INTO acme.hospital.x_free (id) SELECT n FROM UNNEST(GENERATE_ARRAY(1, 1000)) AS n',
  )
  await here.cast(grant, 'petra')
  expect(grant.told.estimatedBytes).toBe(8)
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  // Only what policy says is a limit.
  expect(Number(lastJob().query.maximumBytesBilled)).toBe(40 * MIB)
})
