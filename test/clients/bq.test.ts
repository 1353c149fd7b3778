import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { bqEnvironment, hasBq } from './support/bq.ts'
import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { type Ended, run } from './support/program.ts'
import { expectRecorded } from './support/recorded-calls.ts'

describe.skipIf(!hasBq())('bq', () => {
  let world: ClientWorld
  let common: Readonly<Record<string, string>>
  let bearer: Readonly<Record<string, string>>

  beforeAll(async () => {
    world = await clientWorld()
    common = bqEnvironment(world)
    bearer = { ...common, CLOUDSDK_AUTH_ACCESS_TOKEN: await world.token('ana') }
  })
  beforeEach(() => world.forget())
  afterAll(() => world?.close())

  const bq = (args: readonly string[], env = bearer): Promise<Ended> => run('bq', args, { env })
  const query = (sql: string, ...flags: readonly string[]): Promise<Ended> =>
    bq(['query', '--format=json', '--nouse_legacy_sql', ...flags, sql])
  const byBq = { subjects: ['ana'], userAgent: /^google-cloud-sdk\S+ google-api-python-client/ }

  test.each([
    ['the OIDC token as it is', () => bearer],
    [
      'an ADC file with a token file',
      async () => ({
        ...common,
        CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: await world.adc('ana', 'file'),
      }),
    ],
    [
      'an ADC file with a command',
      async () => ({
        ...common,
        CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: await world.adc('ana', 'command'),
        GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: '1',
      }),
    ],
  ])('queries with %s', async (_, env) => {
    const sql = 'SELECT id, name FROM lab.people ORDER BY id'
    const ended = await bq(['query', '--format=json', '--nouse_legacy_sql', sql], await env())
    expect(json(ended)).toEqual([
      { id: '1', name: 'Ann' },
      { id: '2', name: 'Bob "B" O\'Hara, <Ünï>' },
      { id: '3', name: null },
    ])
    expect(await world.calls()).toMatchObject([
      { method: 'jobs.insert', tables: ['acme.lab.people'], end: 'released', rows: 3 },
    ])
    expectRecorded(await world.calls(), byBq)
  })

  test('shows every type as it is', async () => {
    expect(json(await query('SELECT * FROM lab.people ORDER BY id'))).toMatchObject([
      {
        id: '1',
        born: '1990-01-02',
        score: '1.5',
        active: 'true',
        tags: ['a', 'b'],
        address: { city: 'Berlin', zip: '10115' },
        visits: [
          { on: '2024-01-02', notes: ['first', 'second'] },
          { on: '2024-03-04', notes: [] },
        ],
        created: '2024-01-02 03:04:05',
        seen: '2024-01-02T03:04:05.678',
        wakes: '06:30:00',
        balance: '12.34',
        precise: '0.12345678901234567890123456789',
        raw: 'aGk=',
        doc: '{"k":1,"deep":[true,null]}',
      },
      { id: '2', address: null, tags: [], visits: [], created: '1969-12-31 23:59:59', raw: null },
      { id: '3', name: null, active: null, address: { city: null, zip: '00000' }, doc: null },
    ])
  })

  test('passes named parameters, an array and a struct', async () => {
    const ended = await query(
      'SELECT @s AS s, @n AS n, @a AS a, @st AS st',
      "--parameter=s:STRING:O'Hara",
      '--parameter=n:INT64:7',
      '--parameter=a:ARRAY<INT64>:[1,2,3]',
      '--parameter=st:STRUCT<x INT64, y STRING>:{"x": 1, "y": "z"}',
    )
    expect(json(ended)).toEqual([
      { s: "O'Hara", n: '7', a: ['1', '2', '3'], st: { x: '1', y: 'z' } },
    ])
  })

  test('passes positional parameters', async () => {
    const ended = await query('SELECT ?, ?', '--parameter=:STRING:abc', '--parameter=:INT64:7')
    expect(json(ended)).toEqual([{ f0_: 'abc', f1_: '7' }])
  })

  test('reads three pages', async () => {
    const sql = 'SELECT n FROM lab.numbers ORDER BY n'
    const flags = ['--format=json', '--nouse_legacy_sql', '--max_rows=250']
    const rows = json(await bq(['--max_rows_per_request=100', 'query', ...flags, sql]))
    expect(rows).toEqual(Array.from({ length: 250 }, (_, index) => ({ n: String(index + 1) })))
    expect(world.requests().filter((line) => line.includes('/queries/'))).toHaveLength(3)
    expect(await world.calls()).toMatchObject([{ rows: 250, end: 'released' }])
  })

  test('runs dry', async () => {
    const { stdout } = await bq([
      'query',
      '--dry_run',
      '--nouse_legacy_sql',
      'SELECT n FROM lab.numbers',
    ])
    expect(stdout).toContain('Query successfully validated')
    expect(stdout).toMatch(/will process \d+ bytes/)
    expect(await world.calls()).toMatchObject([{ dryRun: true, end: 'released', rows: 0 }])
    expectRecorded(await world.calls(), byBq)
  })

  test('writes', async () => {
    const insert = 'INSERT INTO lab.orders (order_id) VALUES (101), (102)'
    expect((await query(insert)).stdout).toContain('Number of affected rows: 2')
    expect(await world.calls()).toMatchObject([
      { method: 'jobs.insert', targets: ['acme.lab.orders'], end: 'released' },
    ])
    expectRecorded(await world.calls(), byBq)
  })

  test('lists what may be queried, and nothing else', async () => {
    const [datasets, tables] = await Promise.all([
      bq(['ls', '--format=json']),
      bq(['ls', '--format=json', 'lab']),
    ])
    expect(json(datasets)).toMatchObject([{ id: 'acme:lab' }])
    expect(json(tables)).toMatchObject(
      ['active_people', 'endless', 'many', 'numbers', 'orders', 'people', 'slow'].map(
        (tableId) => ({
          tableReference: { tableId },
        }),
      ),
    )
    expectRecorded(await world.calls(), byBq)
  })

  test('shows a schema and the first rows', async () => {
    const [schema, rows] = await Promise.all([
      bq(['show', '--schema', '--format=json', 'lab.orders']),
      bq(['head', '--format=json', '-n', '2', 'lab.numbers']),
    ])
    expect(json(schema)).toEqual([
      { name: 'order_id', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'person_id', type: 'INTEGER', mode: 'NULLABLE' },
      { name: 'amount', type: 'NUMERIC', mode: 'NULLABLE' },
    ])
    expect(json(rows)).toEqual([
      { n: '1', s: 'number 1' },
      { n: '2', s: 'number 2' },
    ])
  })

  test('shows what is wrong with a query', async () => {
    const [syntax, missing] = await Promise.all([query('SELEC 1'), query('SELECT * FROM lab.nope')])
    expect(said(syntax)).toMatch(/Error in query string: Syntax error: .*SELEC/)
    expect(said(missing)).toMatch(/Not found: Table acme:lab\.nope was not found/)
    const ends = (await world.calls()).map(({ end }) => end)
    expect(ends.toSorted()).toEqual(['failed', 'refused: syntax-error'])
    expectRecorded(await world.calls(), byBq)
  })

  test('shows why a table is out of reach', async () => {
    const [unlisted, forbidden] = await Promise.all([
      query('SELECT * FROM vault.secrets'),
      query('SELECT * FROM lab.payroll'),
    ])
    expect(said(unlisted)).toMatch(
      /^BigQuery error in query operation: Access Denied: no rule of the policy lets you do this: SELECT on `acme\.vault\.secrets` \(Sluice call [a-z2-7]{26}\) $/,
    )
    expect(said(forbidden)).toMatch(
      /a rule of the policy forbids this: SELECT on `acme\.lab\.payroll`/,
    )
    expect(world.upstream()).toEqual([])
    expect((await world.calls()).map(({ end }) => end)).toEqual([
      'refused: denied',
      'refused: denied',
    ])
  })

  test('cancels', async () => {
    const flags = ['--nosync', '--job_id=cancel_me', '--nouse_legacy_sql']
    const started = await bq(['query', ...flags, 'SELECT n FROM lab.endless'])
    expect(started.stdout).toContain('Successfully started query acme:cancel_me')
    const cancelled = await bq(['cancel', 'cancel_me'])
    expect(cancelled.stdout).toContain('Job has been cancelled successfully.')
    expect(cancelled.stdout).toContain('Job execution was cancelled')
  })

  test('waits 15 s with a handful of requests', async () => {
    const sql = 'SELECT n FROM lab.slow'
    const [rpc, polled] = await Promise.all([query(sql, '--rpc'), query(sql)])
    expect(json(rpc)).toEqual([{ n: '1' }])
    expect(json(polled)).toEqual([{ n: '1' }])
    // Without --rpc, bq looks at the job after 1, 2, … 9, 11 and 16 s, whatever it is told.
    const looks = world.requests().filter((line) => /GET .*\/jobs\//.test(line))
    const others = world.requests().filter((line) => !/GET .*\/jobs\//.test(line))
    expect(looks.length).toBeLessThanOrEqual(13)
    // Of both: the discovery document; POST jobs and GET queries of one; POST queries of the other.
    expect(others.length, others.join('\n')).toBeLessThanOrEqual(6)
    expectRecorded(await world.calls(), byBq)
  })
})

/** What it printed, when it went well. */
function json({ code, stdout, stderr }: Ended): unknown {
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  return JSON.parse(stdout)
}

/** Its message, unwrapped. */
function said({ code, stdout }: Ended): string {
  expect(code).not.toBe(0)
  return stdout.replaceAll(/\s+/g, ' ')
}
