import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { APPROVED, DENIED, MASKED, asked, held, patients } from './support/approvals.ts'
import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { type Driver, startDriver } from './support/program.ts'

const here = import.meta.dirname
const TOOLBOX = [join(here, 'node_modules/.bin/toolbox'), '--prebuilt', 'bigquery', '--stdio']
const ERGUT = [
  process.execPath,
  join(here, 'node_modules/@ergut/mcp-bigquery-server/dist/index.js'),
]

let world: ClientWorld
beforeAll(async () => {
  world = await clientWorld('approvals.policy.yaml')
})
afterAll(() => world?.close())

describe.each([
  ['the MCP Toolbox', 'execute_sql', [...TOOLBOX, '--disable-version-check', '--disable-reload']],
  ['@ergut/mcp-bigquery-server', 'query', [...ERGUT, '--project-id', 'acme']],
])('%s', (server, tool, command) => {
  let mcp: Driver
  beforeAll(async () => {
    mcp = startDriver(join(here, 'drivers/mcp-host.mjs'), ['stdio', ...command], {
      ...world.env,
      BIGQUERY_ENDPOINT: `${world.gateway}/bigquery/v2/`,
      BIGQUERY_EMULATOR_HOST: world.gateway,
      BIGQUERY_PROJECT: 'acme',
      BIGQUERY_LOCATION: 'US',
      GOOGLE_APPLICATION_CREDENTIALS: await world.adc('mcp-agent', 'file'),
    })
  })
  afterAll(() => mcp?.close())

  /** The rows a tool call returned, or its error as the host shows it. */
  const query = async (name: string, timeout?: number): Promise<unknown> => {
    try {
      const result = await mcp.ask('call', tool, { sql: patients(name) }, timeout)
      const { isError, texts } = result as { isError: boolean; texts: readonly string[] }
      if (isError) return { error: texts.join('') }
      const values = texts.map((text) => JSON.parse(text) as unknown)
      return values.flat()
    } catch (cause) {
      return { error: String(cause) }
    }
  }

  test('waits, and has the masked rows', async () => {
    const name = `approved ${server}`
    const rows = query(name)
    const waiting = await held(world, name)
    await sleep(1_000)
    expect(waiting.runs()).toBe(0)
    await waiting.decide('approve')
    expect(await rows).toEqual(MASKED)
    expect(waiting.looks().length, waiting.looks().join('\n')).toBeLessThanOrEqual(3)
    expect((await waiting.story()).slice(0, 7)).toEqual(APPROVED)
    expect(waiting.runs()).toBe(1)
    expect(await asked(world, name)).toHaveLength(1)
  })

  test('shows who denied it, and why', async () => {
    const name = `denied ${server}`
    const rows = query(name)
    const waiting = await held(world, name)
    await waiting.decide('deny', 'ask for totals instead')
    expect(await rows).toEqual({ error: expect.stringContaining(DENIED) })
    // An agent that insists hears the same, and nobody is asked again.
    expect(await query(name)).toEqual({ error: expect.stringContaining(DENIED) })
    expect(await asked(world, name)).toHaveLength(1)
    expect(await waiting.story()).toEqual(['request', 'asked', 'voted', 'denied', 'not-run'])
    expect(waiting.runs()).toBe(0)
  })

  test('is asked again by a host that gave up, and people are not', async () => {
    const name = `again ${server}`
    expect(await query(name, 2_000)).toEqual(TIMED_OUT)
    const waiting = await held(world, name)
    expect(await query(name, 1_000)).toEqual(TIMED_OUT)
    const rows = query(name)
    await sleep(500)
    await waiting.decide('approve')
    expect(await rows).toEqual(MASKED)
    expect((await waiting.story()).slice(0, 7)).toEqual(APPROVED)
    expect(waiting.runs()).toBe(1)
    expect(await asked(world, name)).toHaveLength(1)
  })

  test('has the rows of what was approved after its host gave up', async () => {
    const name = `later ${server}`
    expect(await query(name, 2_000)).toEqual(TIMED_OUT)
    const waiting = await held(world, name)
    await waiting.decide('approve')
    // The server goes on, and takes them for nobody.
    await vi.waitFor(async () => expect(await waiting.story()).toContain('released'), 10_000)
    expect(await query(name)).toEqual(MASKED)
    expect(waiting.runs()).toBe(1)
    expect(await asked(world, name)).toHaveLength(1)
  })
})

const TIMED_OUT = { error: expect.stringContaining('Request timed out') }
