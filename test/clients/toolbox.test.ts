import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { type Driver, startDriver, startServer } from './support/program.ts'
import { expectRecorded } from './support/recorded-calls.ts'

const here = import.meta.dirname
const host = join(here, 'drivers/mcp-host.mjs')
const toolbox = join(here, 'node_modules/.bin/toolbox')

let world: ClientWorld
beforeAll(async () => {
  world = await clientWorld()
})
beforeEach(() => world.forget())
afterAll(() => world?.close())

/** Starts it under an MCP host, over standard input and output. */
async function overStdio(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Driver> {
  const command = [toolbox, ...args, '--stdio', '--disable-version-check', '--disable-reload']
  return startDriver(host, ['stdio', ...command], {
    ...world.env,
    BIGQUERY_ENDPOINT: `${world.gateway}/bigquery/v2/`,
    BIGQUERY_PROJECT: 'acme',
    BIGQUERY_LOCATION: 'US',
    BIGQUERY_MAX_QUERY_RESULT_ROWS: '25000',
    GOOGLE_APPLICATION_CREDENTIALS: await world.adc('mcp-agent', 'file'),
    ...env,
  })
}

interface ToolResult {
  readonly isError: boolean
  readonly texts: readonly string[]
}

/** What a tool returned, a JSON value per text. */
async function values(mcp: Driver, tool: string, input: object): Promise<readonly unknown[]> {
  const { isError, texts } = (await mcp.ask('call', tool, input)) as ToolResult
  expect(isError, texts.join('\n')).toBe(false)
  return texts.map((text) => JSON.parse(text) as unknown)
}

const byToolbox = {
  subjects: ['mcp-agent'],
  userAgent: /^genai-toolbox\/1\.12\.0\S*prebuilt\.bigquery/,
}

describe('the MCP Toolbox, prebuilt for BigQuery, over stdio', () => {
  let mcp: Driver
  beforeAll(async () => {
    mcp = await overStdio(['--prebuilt', 'bigquery'])
  })
  afterAll(() => mcp?.close())

  const execute = (sql: string, more: object = {}): Promise<readonly unknown[]> =>
    values(mcp, 'execute_sql', { sql, ...more })

  test('queries, after a dry run', async () => {
    expect(await execute('SELECT id, name FROM lab.people ORDER BY id LIMIT 2')).toEqual([
      { id: 1, name: 'Ann' },
      { id: 2, name: 'Bob "B" O\'Hara, <Ünï>' },
    ])
    expect(await world.calls()).toMatchObject([
      { method: 'jobs.insert', dryRun: true, end: 'released', rows: 0 },
      {
        method: 'jobs.insert',
        dryRun: false,
        tables: ['acme.lab.people'],
        tool: 'bigquery-execute-sql',
        apiClient: expect.stringMatching(/^gl-go\//),
        end: 'released',
        rows: 2,
      },
    ])
    expectRecorded(await world.calls(), byToolbox)
  })

  test('reads every type as it is', async () => {
    expect(await execute('SELECT * FROM lab.people ORDER BY id')).toMatchObject([
      {
        id: 1,
        born: '1990-01-02',
        score: 1.5,
        active: true,
        tags: ['a', 'b'],
        address: ['Berlin', '10115'],
        visits: [
          ['2024-01-02', ['first', 'second']],
          ['2024-03-04', []],
        ],
        created: '2024-01-02T03:04:05.678123Z',
        seen: '2024-01-02T03:04:05.678000000',
        wakes: '06:30:00',
        balance: '12.34',
        precise: '0.12345678901234567890123456789',
        raw: 'aGk=',
        doc: '{"k":1,"deep":[true,null]}',
      },
      { id: 2, address: null, created: '1969-12-31T23:59:59Z' },
      { id: 3, name: null, raw: null },
    ])
  })

  test('reads three pages', async () => {
    expect(await execute('SELECT n FROM lab.many')).toHaveLength(25_000)
    // The dry run, the job, the wait, and the pages.
    expect(world.requests()).toHaveLength(6)
    expect(await world.calls()).toMatchObject([{ dryRun: true }, { rows: 25_000 }])
  })

  test('runs dry', async () => {
    const [text] = await execute('SELECT name FROM lab.people', { dry_run: true })
    expect(JSON.parse(String(text))).toMatchObject({
      configuration: { dryRun: true },
      statistics: { query: { statementType: 'SELECT' } },
    })
    expect(await world.calls()).toMatchObject([{ dryRun: true, end: 'released' }])
  })

  test('lists what may be queried, and nothing else', async () => {
    expect(await values(mcp, 'list_dataset_ids', {})).toEqual(['lab'])
    expect(await values(mcp, 'list_table_ids', { dataset: 'lab' })).toEqual([
      'active_people',
      'endless',
      'many',
      'numbers',
      'orders',
      'people',
      'slow',
    ])
    expectRecorded(await world.calls(), byToolbox)
  })

  test('reads a dataset and a schema', async () => {
    expect(await values(mcp, 'get_dataset_info', { dataset: 'lab' })).toMatchObject([
      { FullID: 'acme:lab', Location: 'US' },
    ])
    expect(await values(mcp, 'get_table_info', { dataset: 'lab', table: 'orders' })).toMatchObject([
      {
        FullID: 'acme:lab.orders',
        Schema: [
          { Name: 'order_id', Type: 'INTEGER', Required: true },
          { Name: 'person_id', Type: 'INTEGER' },
          { Name: 'amount', Type: 'NUMERIC' },
        ],
      },
    ])
  })

  test('shows what is wrong with a query', async () => {
    expect(await mcp.ask('call', 'execute_sql', { sql: 'SELEC 1' })).toEqual({
      isError: true,
      texts: [expect.stringMatching(/googleapi: Error 400: Syntax error: .*SELEC.*invalidQuery$/)],
    })
    expect(await mcp.ask('call', 'execute_sql', { sql: 'SELECT * FROM lab.nope' })).toEqual({
      isError: true,
      texts: [expect.stringMatching(/Error 404: Not found: Table acme:lab\.nope .*notFound$/)],
    })
    expect(world.requests()).toHaveLength(2)
  })

  test('shows why something is out of reach', async () => {
    await expect(execute('SELECT * FROM vault.secrets')).rejects.toThrow(
      /googleapi: Error 403: Access Denied: no rule of the policy lets you do this: SELECT on `acme\.vault\.secrets` \(Sluice call [a-z2-7]{26}\), accessDenied/,
    )
    await expect(execute('DELETE FROM lab.orders WHERE TRUE')).rejects.toThrow(
      'DELETE on `acme.lab.orders`',
    )
    const secrets = { dataset: 'vault', table: 'secrets' }
    await expect(mcp.ask('call', 'get_table_info', secrets)).rejects.toThrow('Access Denied')
    expect(world.upstream()).toEqual([])
    expect(world.requests()).toHaveLength(3)
    expect((await world.calls()).map(({ end }) => end)).toEqual(Array(3).fill('refused: denied'))
  })

  test('waits 15 s with a handful of requests', async () => {
    expect(await execute('SELECT n FROM lab.slow')).toEqual([{ n: 1 }])
    expect(world.requests().length, world.requests().join('\n')).toBeLessThanOrEqual(5)
    expectRecorded(await world.calls(), byToolbox)
  })
})

test('the MCP Toolbox queries with an ADC file with a command', async () => {
  const mcp = await overStdio(['--prebuilt', 'bigquery'], {
    GOOGLE_APPLICATION_CREDENTIALS: await world.adc('mcp-agent', 'command'),
    GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: '1',
  })
  try {
    expect(await values(mcp, 'execute_sql', { sql: 'SELECT 1 AS one' })).toEqual([{ one: 1 }])
    expectRecorded(await world.calls(), byToolbox)
  } finally {
    await mcp.close()
  }
})

test('the MCP Toolbox passes the parameters of tools of its own: named, positional, array', async () => {
  const config = join(world.folder, 'tools.yaml')
  writeFileSync(
    config,
    `sources:
  lab: { kind: bigquery, project: acme, location: US, apiEndpoint: ${world.gateway}/bigquery/v2/ }
tools:
  named:
    kind: bigquery-sql
    source: lab
    description: People by name and id.
    statement: SELECT name, @factor * id AS times FROM lab.people WHERE name = @name AND id IN UNNEST(@ids)
    parameters:
      - { name: name, type: string, description: whose }
      - { name: factor, type: integer, description: times what }
      - { name: ids, type: array, description: which, items: { name: id, type: integer, description: one } }
  positional:
    kind: bigquery-sql
    source: lab
    description: Two values.
    statement: SELECT ? AS first, ? AS second
    parameters:
      - { name: first, type: string, description: one }
      - { name: second, type: float, description: two }
`,
  )
  const mcp = await overStdio(['--config', config])
  try {
    const input = { name: 'Ann', factor: 3, ids: [1, 2] }
    expect(await values(mcp, 'named', input)).toEqual([{ name: 'Ann', times: 3 }])
    const pair = { first: "O'Hara", second: 1.5 }
    expect(await values(mcp, 'positional', pair)).toEqual([pair])
    expectRecorded(await world.calls(), { ...byToolbox, userAgent: /^genai-toolbox\// })
  } finally {
    await mcp.close()
  }
})

describe("the MCP Toolbox as a server, with each caller's OIDC token", () => {
  let stop: () => Promise<void>
  let url: string
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}/mcp`
    const args = ['--prebuilt', 'bigquery', '--port', String(port), '--disable-version-check']
    stop = await startServer(toolbox, [...args, '--disable-reload'], {
      sign: 'Server ready to serve',
      env: {
        ...world.env,
        BIGQUERY_ENDPOINT: `${world.gateway}/bigquery/v2/`,
        BIGQUERY_PROJECT: 'acme',
        BIGQUERY_LOCATION: 'US',
        BIGQUERY_USE_CLIENT_OAUTH: 'true',
      },
    })
  })
  afterAll(() => stop?.())

  const as = async (name: string): Promise<Driver> =>
    startDriver(host, ['http', url], { ...world.env, TOKEN: await world.token(name) })

  test('queries and writes as the caller', async () => {
    const [ana, agent] = await Promise.all([as('ana'), as('mcp-agent')])
    try {
      const insert = { sql: 'INSERT INTO lab.orders (order_id) VALUES (301)' }
      await ana.ask('call', 'execute_sql', insert)
      const sql = 'SELECT order_id FROM lab.orders WHERE order_id = 301'
      expect(await values(agent, 'execute_sql', { sql })).toEqual([{ order_id: 301 }])
      await expect(agent.ask('call', 'execute_sql', insert)).rejects.toThrow('403')
      expect(
        (await world.calls()).map(
          ({ subject, dryRun, end }) => `${subject}${dryRun ? ' dry' : ''}: ${end}`,
        ),
      ).toEqual([
        'ana dry: released',
        'ana: released',
        'mcp-agent dry: released',
        'mcp-agent: released',
        'mcp-agent dry: refused: denied',
      ])
      expectRecorded(await world.calls(), { ...byToolbox, subjects: ['ana', 'mcp-agent'] })
    } finally {
      await Promise.all([ana.close(), agent.close()])
    }
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
