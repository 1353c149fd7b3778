import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { type Driver, startDriver } from './support/program.ts'
import { expectRecorded } from './support/recorded-calls.ts'

const script = join(import.meta.dirname, 'drivers/node-bigquery.mjs')

let world: ClientWorld
beforeAll(async () => {
  world = await clientWorld()
})
beforeEach(() => world.forget())
afterAll(() => world?.close())

/** The recipes: `authClient` and `apiEndpoint`, or the environment of any Node app. */
const recipes = {
  'the OIDC token as it is': async (version: string) =>
    startDriver(script, [version, world.gateway], {
      ...world.env,
      TOKEN: await world.token('ana'),
    }),
  'an ADC file with a token file': async (version: string) =>
    startDriver(script, [version, '-'], {
      ...world.env,
      BIGQUERY_EMULATOR_HOST: world.gateway,
      GOOGLE_APPLICATION_CREDENTIALS: await world.adc('ana', 'file'),
    }),
  'an ADC file with a command': async (version: string) =>
    startDriver(script, [version, '-'], {
      ...world.env,
      BIGQUERY_EMULATOR_HOST: world.gateway,
      GOOGLE_APPLICATION_CREDENTIALS: await world.adc('ana', 'command'),
      GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: '1',
    }),
}

describe.each([
  ['9', 'the OIDC token as it is'],
  ['9', 'an ADC file with a token file'],
  ['7', 'the OIDC token as it is'],
  ['7', 'an ADC file with a token file'],
] as const)('@google-cloud/bigquery %s with %s', (version, recipe) => {
  let client: Driver
  beforeAll(async () => {
    client = await recipes[recipe](version)
  })
  afterAll(() => client?.close())

  const byNode = {
    subjects: ['ana'],
    userAgent: new RegExp(String.raw`^gcloud-node-bigquery/${version}\.`),
  }
  const query = (options: unknown): Promise<unknown> => client.ask('query', options)

  test('queries', async () => {
    expect(await query('SELECT id, name FROM lab.people ORDER BY id LIMIT 2')).toEqual([
      { id: 1, name: 'Ann' },
      { id: 2, name: 'Bob "B" O\'Hara, <Ünï>' },
    ])
    expect(await world.calls()).toMatchObject([
      {
        method: 'jobs.query',
        apiClient: expect.stringMatching(/^gl-node\//),
        tables: ['acme.lab.people'],
        end: 'released',
        rows: 2,
      },
    ])
    expectRecorded(await world.calls(), byNode)
  })

  test('reads every type as it is', async () => {
    expect(await query('SELECT * FROM lab.people ORDER BY id')).toEqual([
      {
        id: 1,
        name: 'Ann',
        born: { value: '1990-01-02' },
        score: 1.5,
        active: true,
        tags: ['a', 'b'],
        address: { city: 'Berlin', zip: '10115' },
        visits: [
          { on: { value: '2024-01-02' }, notes: ['first', 'second'] },
          { on: { value: '2024-03-04' }, notes: [] },
        ],
        created: { value: '2024-01-02T03:04:05.678123000Z' },
        seen: { value: '2024-01-02T03:04:05.678' },
        wakes: { value: '06:30:00' },
        balance: '12.34',
        precise: '0.12345678901234567890123456789',
        raw: { type: 'Buffer', data: [104, 105] },
        doc: '{"k":1,"deep":[true,null]}',
      },
      expect.objectContaining({ address: null, created: { value: '1969-12-31T23:59:59.000Z' } }),
      expect.objectContaining({ name: null, raw: null, address: { city: null, zip: '00000' } }),
    ])
    const big = { query: 'SELECT 9007199254740993 AS big', wrapIntegers: true }
    expect(await query(big)).toMatchObject([{ big: { value: '9007199254740993' } }])
  })

  test('passes parameters: named, positional, array, struct', async () => {
    const named = await query({
      query: 'SELECT @s AS s, @n AS n, @a AS a, @st AS st',
      params: { s: "O'Hara", n: 7, a: [1, 2, 3], st: { x: 1, y: 'z' } },
    })
    expect(named).toEqual([{ s: "O'Hara", n: 7, a: [1, 2, 3], st: { x: 1, y: 'z' } }])
    const positional = await query({ query: 'SELECT ?, ?', params: ['abc', 7] })
    expect(positional).toEqual([{ f0_: 'abc', f1_: 7 }])
    expect((await world.calls()).map(({ end }) => end)).toEqual(['released', 'released'])
  })

  test('reads three pages, by hand and by itself', async () => {
    expect(await client.ask('pages', 'SELECT n, s FROM lab.numbers', 100)).toEqual([100, 100, 50])
    expect(world.requests()).toHaveLength(4)
    await world.forget()
    expect(await client.ask('stream', 'SELECT n FROM lab.many')).toBe(25_000)
    expect(world.requests()).toHaveLength(3)
    expect(await world.calls()).toMatchObject([{ rows: 25_000 }])
  })

  test('runs dry', async () => {
    const metadata = await client.ask('dryRun', { query: 'SELECT name FROM lab.people' })
    expect(metadata).toMatchObject({
      configuration: { dryRun: true },
      statistics: {
        totalBytesProcessed: expect.stringMatching(/^[1-9]\d*$/),
        query: { statementType: 'SELECT' },
      },
    })
    expect(await world.calls()).toMatchObject([{ dryRun: true, end: 'released' }])
  })

  test('writes', async () => {
    const insert = 'INSERT INTO lab.orders (order_id) VALUES (201)'
    expect(await client.ask('job', insert)).toMatchObject({
      user_email: 'ana@acme.example',
      status: { state: 'DONE' },
      statistics: { query: { statementType: 'INSERT', numDmlAffectedRows: '1' } },
    })
    await query('UPDATE lab.orders SET amount = 1 WHERE order_id = 201')
    await query('DELETE FROM lab.orders WHERE order_id = 201')
    expect(await query('SELECT * FROM lab.orders WHERE order_id = 201')).toEqual([])
    expectRecorded(await world.calls(), byNode)
  })

  test('lists what may be queried, and nothing else', async () => {
    expect(await client.ask('datasets')).toEqual(['lab'])
    expect(await client.ask('tables', 'lab')).toEqual([
      'active_people',
      'endless',
      'many',
      'numbers',
      'orders',
      'people',
      'slow',
    ])
    expectRecorded(await world.calls(), byNode)
  })

  test('reads a schema, rows of a table and the list of its jobs', async () => {
    expect(await client.ask('metadata', 'lab', 'orders')).toMatchObject({
      type: 'TABLE',
      schema: {
        fields: [
          { name: 'order_id', type: 'INTEGER', mode: 'REQUIRED' },
          { name: 'person_id', type: 'INTEGER' },
          { name: 'amount', type: 'NUMERIC' },
        ],
      },
    })
    expect(await client.ask('rows', 'lab', 'numbers', { maxResults: 2 })).toEqual([
      { n: 1, s: 'number 1' },
      { n: 2, s: 'number 2' },
    ])
    expect(await client.ask('jobs')).toHaveLength(5)
  })

  test('shows what is wrong with a query', async () => {
    await expect(query('SELEC 1')).rejects.toMatchObject({
      shown: { code: 400, reason: 'invalidQuery', message: expect.stringMatching(/^Syntax error/) },
    })
    await expect(query('SELECT * FROM lab.nope')).rejects.toMatchObject({
      shown: { code: 404, reason: 'notFound', message: expect.stringContaining('acme:lab.nope') },
    })
    expect(world.requests()).toHaveLength(2)
    expect((await world.calls()).map(({ end }) => end)).toEqual(['refused: syntax-error', 'failed'])
  })

  test('shows why a table is out of reach', async () => {
    await expect(query('SELECT * FROM vault.secrets')).rejects.toMatchObject({
      shown: {
        code: 403,
        reason: 'accessDenied',
        message: expect.stringMatching(
          /^Access Denied: no rule of the policy lets you do this: SELECT on `acme\.vault\.secrets` \(Sluice call [a-z2-7]{26}\)$/,
        ),
      },
    })
    await expect(client.ask('rows', 'lab', 'payroll')).rejects.toMatchObject({
      shown: { code: 403, message: expect.stringContaining('`acme.lab.payroll`') },
    })
    // Nothing was tried again, and BigQuery heard of none of it.
    expect(world.requests()).toHaveLength(2)
    expect(world.upstream()).toEqual([])
    expect((await world.calls()).map(({ end }) => end)).toEqual([
      'refused: denied',
      'refused: denied',
    ])
  })

  test('cancels', async () => {
    await expect(client.ask('cancel', 'SELECT n FROM lab.endless')).rejects.toMatchObject({
      shown: { reason: 'stopped', message: expect.stringContaining('cancelled') },
    })
    expect(await world.calls()).toMatchObject([
      { method: 'jobs.insert', end: 'failed' },
      { method: 'jobs.cancel', end: 'released' },
    ])
    expectRecorded(await world.calls(), byNode)
  })
})

describe.each(['9', '7'])('@google-cloud/bigquery %s', (version) => {
  test('queries with an ADC file with a command', async () => {
    const client = await recipes['an ADC file with a command'](version)
    try {
      expect(await client.ask('query', 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    } finally {
      await client.close()
    }
  })

  test('waits 15 s with a handful of requests', async () => {
    const client = await recipes['the OIDC token as it is'](version)
    try {
      const rows = await Promise.all([
        client.ask('query', 'SELECT n FROM lab.slow'),
        // Its one request for rows takes an early answer for none.
        client.ask('firstRows', 'SELECT n FROM lab.slow', 10),
      ])
      expect(rows).toEqual([[{ n: 1 }], [{ n: 1 }]])
      // POST queries of the one; POST jobs and GET queries of the other.
      expect(world.requests().length, world.requests().join('\n')).toBeLessThanOrEqual(4)
    } finally {
      await client.close()
    }
  })
})
