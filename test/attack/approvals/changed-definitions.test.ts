import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import { type AttackWorld, attackWorld } from '../../support/approval-attack.ts'

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld()
})
afterAll(() => here.close())

const TABLE = 'CREATE TABLE acme.hospital.x_n AS SELECT 1 AS id, "a" AS name'

test.each<[string, readonly string[], string, string]>([
  [
    'a view was replaced',
    ['CREATE VIEW acme.hospital.x_v AS SELECT id FROM acme.hospital.claims'],
    'SELECT * FROM acme.hospital.x_v',
    'CREATE OR REPLACE VIEW acme.hospital.x_v AS SELECT patient_id AS id FROM acme.hospital.claims',
  ],
  [
    'a view under the view was replaced',
    [
      'CREATE VIEW acme.hospital.x_under AS SELECT id FROM acme.hospital.claims',
      'CREATE VIEW acme.hospital.x_over AS SELECT id FROM acme.hospital.x_under',
    ],
    'SELECT * FROM acme.hospital.x_over',
    'CREATE OR REPLACE VIEW acme.hospital.x_under AS SELECT patient_id AS id FROM acme.hospital.claims',
  ],
  [
    'a table got a column',
    [TABLE.replace('x_n', 'x_wider')],
    'SELECT * FROM acme.hospital.x_wider',
    'CREATE OR REPLACE TABLE acme.hospital.x_wider AS SELECT 1 AS id, "a" AS name, "b" AS ssn',
  ],
  [
    'a column has another type',
    [TABLE.replace('x_n', 'x_typed')],
    'SELECT id FROM acme.hospital.x_typed',
    'CREATE OR REPLACE TABLE acme.hospital.x_typed AS SELECT "1" AS id, "a" AS name',
  ],
  [
    'a table was replaced by a view of its name',
    [TABLE.replace('x_n', 'x_turned')],
    'SELECT id FROM acme.hospital.x_turned',
    'DROP TABLE acme.hospital.x_turned',
  ],
])('B45 %s between the vote and the start', async (_, before, sql, change) => {
  for (const statement of before)
    // oxlint-disable-next-line no-await-in-loop -- one stands on the other
    await here.behind(statement)
  const { grant, jobId } = await here.held(sql)
  await here.behind(change)
  if (change.startsWith('DROP'))
    await here.behind(
      'CREATE VIEW acme.hospital.x_turned AS SELECT patient_id AS id FROM acme.hospital.claims',
    )
  await here.cast(grant, 'petra')
  await expectNeverRan(grant, jobId)
})

test('B45 a function was replaced between the vote and the start', async () => {
  const { grant, jobId } = await here.held(
    'SELECT acme.hospital.mask_ssn(payer) AS payer FROM acme.hospital.claims',
  )
  here.world.routine = (routine) => ({ ...routine, definitionBody: 'ssn', etag: 'another' })
  await here.cast(grant, 'petra')
  await expectNeverRan(grant, jobId)
})

test('B45 a column got a policy tag between the vote and the start', async () => {
  const { grant, jobId } = await here.held('SELECT status FROM acme.hospital.claims')
  here.world.table = (table) => ({
    ...table,
    etag: 'another',
    columns: table.columns.map((column) => ({ ...column, policyTags: ['projects/p/tags/1'] })),
  })
  // To its end: what is started is looked at before.
  await here.vote(grant, 'petra')
  here.world.table = (table) => table
  await expectNeverRan(grant, jobId)
})

test('B45 masked data came into a column between the vote and the start', async () => {
  const { grant, jobId } = await here.held('SELECT payer FROM acme.hospital.claims')
  await here.gateway.state.derivedTags.add([
    { column: 'acme.hospital.claims.payer', sources: ['acme.hospital.patients.ssn'], isCopy: true },
  ])
  await here.cast(grant, 'petra')
  // It would be masked now, which is not what they approved.
  await expectNeverRan(grant, jobId)
})

test('B45 rows may come and go: who approves a query approves it on what is there', async () => {
  await here.behind('CREATE TABLE acme.hospital.x_rows AS SELECT 1 AS id')
  const { grant, jobId } = await here.held('SELECT id FROM acme.hospital.x_rows')
  await here.behind('INSERT INTO acme.hospital.x_rows (id) VALUES (2)')
  await here.cast(grant, 'petra')
  expect(JSON.parse((await here.rowsOf(jobId)).text)).toMatchObject({ totalRows: '2' })
  expect(here.jobsOf(grant)).toBe(1)
})

async function expectNeverRan(grant: Grant, jobId: string): Promise<void> {
  const said = await here.rowsOf(jobId)
  expect(said.status).toBe(403)
  expect(said.text).toContain('approved, but did not run')
  expect(said.text).not.toContain('"rows"')
  expect(here.jobsOf(grant)).toBe(0)
  expect(here.story(grant.call)).toEqual([
    'request',
    'approval:asked',
    'approval:voted',
    'approval:approved',
    'approval:not-started',
    'outcome:not-run',
  ])
  expect((await here.again(grant)).events.at(-1)).toMatchObject({ type: 'not-started' })
}
