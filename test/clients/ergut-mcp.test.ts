import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { type Driver, startDriver } from './support/program.ts'
import { expectRecorded } from './support/recorded-calls.ts'

const here = import.meta.dirname
const server = join(here, 'node_modules/@ergut/mcp-bigquery-server/dist/index.js')

let world: ClientWorld
beforeAll(async () => {
  world = await clientWorld()
})
beforeEach(() => world.forget())
afterAll(() => world?.close())

/** Starts the server under an MCP host. It takes its credential from the environment alone. */
async function host(source: 'file' | 'command'): Promise<Driver> {
  const command = [process.execPath, server, '--project-id', 'acme']
  return startDriver(join(here, 'drivers/mcp-host.mjs'), ['stdio', ...command], {
    ...world.env,
    BIGQUERY_EMULATOR_HOST: world.gateway,
    GOOGLE_APPLICATION_CREDENTIALS: await world.adc('mcp-agent', source),
    GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: '1',
  })
}

const byErgut = { subjects: ['mcp-agent'], userAgent: /^gcloud-node-bigquery\/7\./ }

describe('@ergut/mcp-bigquery-server', () => {
  let mcp: Driver
  beforeAll(async () => {
    mcp = await host('file')
  })
  afterAll(() => mcp?.close())

  /** The rows it returned, or its error as the host shows it. */
  const query = async (sql: string): Promise<unknown> => {
    const { isError, texts } = (await mcp.ask('call', 'query', { sql })) as {
      isError: boolean
      texts: readonly string[]
    }
    return isError ? { error: texts.join('') } : JSON.parse(texts.join(''))
  }

  test('queries, after a dry run', async () => {
    expect(await query('SELECT id, name FROM lab.people ORDER BY id LIMIT 1')).toEqual([
      { id: 1, name: 'Ann' },
    ])
    expect(await world.calls()).toMatchObject([
      { method: 'jobs.insert', dryRun: true, end: 'released', rows: 0 },
      { method: 'jobs.query', dryRun: false, end: 'released', rows: 1 },
    ])
    expectRecorded(await world.calls(), byErgut)
  })

  test('reads every type as it is', async () => {
    expect(await query('SELECT * FROM lab.people ORDER BY id')).toMatchObject([
      {
        visits: [{ on: { value: '2024-01-02' }, notes: ['first', 'second'] }, { notes: [] }],
        created: { value: '2024-01-02T03:04:05.678123000Z' },
        balance: '12.34',
        precise: '0.12345678901234567890123456789',
        doc: '{"k":1,"deep":[true,null]}',
      },
      { name: 'Bob "B" O\'Hara, <Ünï>', address: null },
      { name: null, tags: ['only'] },
    ])
  })

  test('reads three pages', async () => {
    expect(await query('SELECT n FROM lab.many')).toHaveLength(25_000)
    expect(world.requests()).toHaveLength(4)
    expect(await world.calls()).toMatchObject([{ dryRun: true }, { rows: 25_000 }])
  })

  test('lists what may be queried with its schema, and nothing else', async () => {
    const tables = ['active_people', 'endless', 'many', 'numbers', 'orders', 'people', 'slow']
    expect(await mcp.ask('resources')).toMatchObject(
      tables.map((table) => ({ uri: `bigquery://acme/lab/${table}/schema` })),
    )
    const [schema] = (await mcp.ask('read', 'bigquery://acme/lab/orders/schema')) as [string]
    expect(JSON.parse(schema)).toMatchObject([
      { name: 'order_id', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'person_id' },
      { name: 'amount', type: 'NUMERIC' },
    ])
    expectRecorded(await world.calls(), byErgut)
  })

  test('shows what is wrong with a query', async () => {
    expect(await query('SELEC 1')).toEqual({
      error: expect.stringMatching(/^Syntax error: .*SELEC/),
    })
    expect(await query('SELECT * FROM lab.nope')).toEqual({
      error: expect.stringContaining('Not found: Table acme:lab.nope'),
    })
    expectRecorded(await world.calls(), byErgut)
  })

  test('shows why something is out of reach', async () => {
    expect(await query('SELECT * FROM vault.secrets')).toEqual({
      error: expect.stringMatching(
        /^Access Denied: no rule of the policy lets you do this: SELECT on `acme\.vault\.secrets` \(Sluice call [a-z2-7]{26}\)$/,
      ),
    })
    expect(await query('INSERT INTO lab.orders (order_id) VALUES (5)')).toEqual({
      error: expect.stringContaining('INSERT on `acme.lab.orders`'),
    })
    await expect(mcp.ask('read', 'bigquery://acme/vault/secrets/schema')).rejects.toThrow(
      'no rule of the policy lets you do this',
    )
    expect(world.upstream()).toEqual([])
    expect((await world.calls()).map(({ end }) => end)).toEqual(Array(3).fill('refused: denied'))
  })

  test('waits 15 s with a handful of requests', async () => {
    expect(await query('SELECT n FROM lab.slow')).toEqual([{ n: 1 }])
    expect(world.requests().length, world.requests().join('\n')).toBeLessThanOrEqual(3)
    expectRecorded(await world.calls(), byErgut)
  })
})

test('@ergut/mcp-bigquery-server queries with an ADC file with a command', async () => {
  const mcp = await host('command')
  try {
    expect(await mcp.ask('call', 'query', { sql: 'SELECT 1 AS one' })).toMatchObject({
      isError: false,
    })
    expectRecorded(await world.calls(), byErgut)
  } finally {
    await mcp.close()
  }
})
