/** However long people take, no client gives up, asks twice, hammers, or takes waiting for no rows. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { APPROVED, MASKED, asked, held, patients, starts } from './support/approvals.ts'
import { bqEnvironment, hasBq } from './support/bq.ts'
import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { type Driver, run, startDriver } from './support/program.ts'

const here = import.meta.dirname
const TOOLBOX = [join(here, 'node_modules/.bin/toolbox'), '--prebuilt', 'bigquery', '--stdio']
const ERGUT = join(here, 'node_modules/@ergut/mcp-bigquery-server/dist/index.js')
const SERVERS = {
  toolbox: [...TOOLBOX, '--disable-version-check', '--disable-reload'],
  ergut: [process.execPath, ERGUT, '--project-id', 'acme'],
} as const

/** Longer than the gateway keeps any of them waiting, and than Node 7 and MCP hosts wait for an answer. */
const WAIT_MS = 61_000
/** Of the test, and of hosts that are let wait. */
const TIMEOUT_MS = 170_000

let world: ClientWorld
let drivers: { readonly [name in '9' | '7' | 'toolbox' | 'ergut']: Driver }
let bearer: Readonly<Record<string, string>>
beforeAll(async () => {
  world = await clientWorld('approvals.policy.yaml')
  const TOKEN = await world.token('ana')
  bearer = { ...bqEnvironment(world), CLOUDSDK_AUTH_ACCESS_TOKEN: TOKEN }
  const node = join(here, 'drivers/node-bigquery.mjs')
  const app = { ...world.env, TOKEN }
  const agent = {
    ...world.env,
    BIGQUERY_ENDPOINT: `${world.gateway}/bigquery/v2/`,
    BIGQUERY_EMULATOR_HOST: world.gateway,
    BIGQUERY_PROJECT: 'acme',
    BIGQUERY_LOCATION: 'US',
    GOOGLE_APPLICATION_CREDENTIALS: await world.adc('mcp-agent', 'file'),
  }
  const mcp = (server: keyof typeof SERVERS): Driver =>
    startDriver(join(here, 'drivers/mcp-host.mjs'), ['stdio', ...SERVERS[server]], agent)
  drivers = {
    9: startDriver(node, ['9', world.gateway], app),
    7: startDriver(node, ['7', world.gateway], app),
    toolbox: mcp('toolbox'),
    ergut: mcp('ergut'),
  }
})
afterAll(async () => {
  await Promise.all(Object.values(drivers ?? {}).map((driver) => driver.close()))
  await world?.close()
})

interface Client {
  readonly name: string
  readonly query: (sql: string) => Promise<unknown>
  /** Requests about its job in so many seconds, its rows included. */
  readonly mostLooks: (seconds: number) => number
}

const node = (version: '9' | '7'): readonly Client[] => [
  {
    name: `Node ${version} query()`,
    query: (sql) => drivers[version].ask('query', sql),
    mostLooks: () => 1,
  },
  {
    name: `Node ${version} getQueryResults({ maxResults })`,
    query: (sql) => drivers[version].ask('firstRows', sql, 10),
    // Node 7 hangs up after a minute, and sends the same again.
    mostLooks: () => (version === '7' ? 2 : 1),
  },
  {
    name: `Node ${version} promise()`,
    query: (sql) => drivers[version].ask('promised', sql),
    // Two a second are its own.
    mostLooks: (seconds) => seconds * 2 + 3,
  },
]

const bq = (...flags: readonly string[]): Client => ({
  name: ['bq query', ...flags].join(' '),
  query: async (sql) => {
    const options = ['--quiet', 'query', '--format=json', '--nouse_legacy_sql', ...flags]
    const { code, stdout } = await run('bq', [...options, sql], {
      env: bearer,
      timeoutMs: TIMEOUT_MS,
    })
    expect(code, stdout).toBe(0)
    return JSON.parse(stdout)
  },
  mostLooks: () => (flags.length === 0 ? 25 : 2),
})

const mcp = (server: 'toolbox' | 'ergut', tool: string, most: number): Client => ({
  name: server,
  query: async (sql) => {
    const result = await drivers[server].ask('call', tool, { sql }, TIMEOUT_MS)
    const { isError, texts } = result as { isError: boolean; texts: readonly string[] }
    expect(isError, texts.join('\n')).toBe(false)
    return texts.map((text) => JSON.parse(text) as unknown).flat()
  },
  mostLooks: () => most,
})

test(
  'after more than a minute everybody has the masked rows, and asked once',
  async () => {
    const clients = [
      ...(hasBq() ? [bq(), bq('--rpc')] : []),
      ...node('9'),
      ...node('7'),
      mcp('toolbox', 'execute_sql', 4),
      mcp('ergut', 'query', 1),
    ]
    const start = Date.now()
    const all = Promise.allSettled(clients.map(({ name, query }) => query(patients(name))))
    const waiting = await Promise.all(clients.map(({ name }) => held(world, name)))
    await sleep(WAIT_MS)
    const stories = () => Promise.all(waiting.map((each) => each.story()))
    expect(await stories()).toEqual(clients.map(() => ['request', 'asked']))
    const [first, ...others] = waiting
    // bq looks every 17 s by now.
    await first?.decide('approve')
    await Promise.all(others.map((each) => each.decide('approve')))

    expect(await all).toEqual(clients.map(() => ({ status: 'fulfilled', value: MASKED })))
    const seconds = (Date.now() - start) / 1_000
    const told = await stories()
    const requests = await Promise.all(clients.map(({ name }) => asked(world, name)))
    for (const [index, { name, mostLooks }] of clients.entries()) {
      const each = waiting[index]
      const looks = each?.looks() ?? []
      // One more where the job, started at last, was not done by the end of a look.
      expect(looks.length, `${name}: ${looks.at(-2)}`).toBeLessThanOrEqual(mostLooks(seconds) + 1)
      expect(told[index]?.slice(0, 7), name).toEqual(APPROVED)
      expect(each?.runs(), name).toBe(1)
      expect(requests[index], name).toHaveLength(1)
    }
    // Nobody sent a query again, under whatever name.
    const recorded = (await world.entries()).filter(({ type }) => type === 'request')
    expect(starts(world)).toHaveLength(recorded.length)
  },
  TIMEOUT_MS,
)
