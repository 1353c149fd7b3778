import { expect, test } from 'vitest'

import { localBigQuery } from '../../support/local-bigquery.ts'

const { get, query, insert, rows } = await localBigQuery()

const dryRun = async (sql: string, more: object = {}) => {
  const { status, body } = await insert(sql, {}, { dryRun: true, ...more })
  if (status !== 200) throw new Error(body.error.message)
  return body
}
const people = { projectId: 'acme', datasetId: 'crm', tableId: 'people' }

test('a dry run describes a query and leaves no job behind', async () => {
  const before = (await get('/jobs')).body.jobs.length
  const body = await dryRun('SELECT id, tags FROM crm.people')
  expect(body).toEqual({
    kind: 'bigquery#job',
    id: 'acme:US.',
    user_email: 'local@sluice.example',
    configuration: {
      jobType: 'QUERY',
      dryRun: true,
      query: { query: 'SELECT id, tags FROM crm.people', useLegacySql: false },
    },
    jobReference: { projectId: 'acme', location: 'US' },
    statistics: {
      totalBytesProcessed: '30',
      query: {
        statementType: 'SELECT',
        cacheHit: false,
        totalBytesProcessed: '30',
        totalBytesBilled: '10485760',
        referencedTables: [people],
        schema: {
          fields: [
            { name: 'id', type: 'INTEGER', mode: 'NULLABLE' },
            { name: 'tags', type: 'STRING', mode: 'REPEATED' },
          ],
        },
      },
    },
    status: { state: 'DONE' },
  })
  expect((await get('/jobs')).body.jobs).toHaveLength(before)
})

test('jobs.query dry runs too', async () => {
  const { body } = await query('SELECT name FROM crm.people', { dryRun: true })
  expect(body).toEqual({
    kind: 'bigquery#queryResponse',
    jobReference: { projectId: 'acme', location: 'US' },
    jobComplete: true,
    cacheHit: false,
    totalBytesProcessed: '10',
    schema: { fields: [{ name: 'name', type: 'STRING', mode: 'NULLABLE' }] },
  })
})

test.each([
  ['SELECT 1', 'SELECT', [], '0'],
  ['SELECT COUNT(*) FROM crm.people', 'SELECT', ['people'], '0'],
  ['SELECT * FROM crm.adult_ids', 'SELECT', ['people'], '34'],
  ['SELECT * FROM crm.after(1)', 'SELECT', ['people'], '74'],
  ['SELECT a.id FROM crm.people a JOIN hr.pay b USING (id)', 'SELECT', ['people', 'pay'], '24'],
  ['WITH people AS (SELECT 1 AS id) SELECT * FROM people', 'SELECT', [], '0'],
  ['INSERT hr.pay (id) SELECT id FROM crm.people', 'INSERT', ['people'], '24'],
  ['UPDATE hr.pay SET gross = 1 WHERE id = 1', 'UPDATE', ['pay'], '0'],
  ['DELETE FROM hr.pay WHERE id IN (SELECT id FROM crm.people)', 'DELETE', ['people', 'pay'], '24'],
  ['TRUNCATE TABLE hr.pay', 'TRUNCATE_TABLE', ['pay'], '0'],
  ['CREATE TABLE hr.x AS SELECT name FROM crm.people', 'CREATE_TABLE_AS_SELECT', ['people'], '10'],
  ['CREATE TABLE hr.x (a INT64)', 'CREATE_TABLE', [], '0'],
  ['CREATE VIEW hr.x AS SELECT name FROM crm.people', 'CREATE_VIEW', ['people'], '10'],
  ['DROP TABLE hr.pay', 'DROP_TABLE', [], '0'],
])('%s', async (sql, statementType, tables, bytes) => {
  const { statistics } = await dryRun(sql)
  const { query: told } = statistics
  const named = (told.referencedTables ?? []).map((table: { tableId: string }) => table.tableId)
  expect([told.statementType, named.toSorted(), statistics.totalBytesProcessed]).toEqual([
    statementType,
    tables.toSorted(),
    bytes,
  ])
})

test('a dry run does nothing', async () => {
  await dryRun('DROP TABLE hr.pay')
  await dryRun('INSERT hr.pay (id) VALUES (1)')
  expect(await rows('SELECT COUNT(*) FROM hr.pay')).toEqual([['0']])
})

test('the routines of a query are told', async () => {
  const { statistics } = await dryRun('SELECT crm.initial(initial) FROM crm.after(1)')
  expect(statistics.query.referencedRoutines).toEqual(
    expect.arrayContaining([
      { projectId: 'acme', datasetId: 'crm', routineId: 'initial' },
      { projectId: 'acme', datasetId: 'crm', routineId: 'after' },
    ]),
  )
})

test('undeclared parameters are told with the types they must have', async () => {
  const named = await dryRun(
    'SELECT @x, name FROM crm.people WHERE id = @y AND name = @Z AND name != @z',
  )
  expect(named.statistics.query.undeclaredQueryParameters).toEqual([
    { name: 'x', parameterType: { type: 'INT64' } },
    { name: 'y', parameterType: { type: 'INT64' } },
    { name: 'z', parameterType: { type: 'STRING' } },
  ])
  const positional = await dryRun('SELECT name = ?, tags = ?, ? FROM crm.people')
  expect(positional.statistics.query.undeclaredQueryParameters).toEqual([
    { parameterType: { type: 'STRING' } },
    { parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } } },
    { parameterType: { type: 'INT64' } },
  ])
})

test('a dry run of what cannot run is an HTTP error', async () => {
  const { status, body } = await insert('SELECT nope', {}, { dryRun: true })
  expect([status, body.error.message]).toEqual([400, 'Unrecognized name: nope at [1:8]'])
})
