import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  APPROVED,
  DENIED,
  EXPIRED,
  MASKED,
  REVOKED,
  asked,
  held,
  patients,
  starts,
} from './support/approvals.ts'
import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { type Driver, startDriver } from './support/program.ts'

const script = join(import.meta.dirname, 'drivers/node-bigquery.mjs')

let world: ClientWorld
beforeAll(async () => {
  world = await clientWorld('approvals.policy.yaml')
})
afterAll(() => world?.close())

describe.each(['9', '7'])('@google-cloud/bigquery %s', (version) => {
  let client: Driver
  beforeAll(async () => {
    const env = { ...world.env, TOKEN: await world.token('ana') }
    client = startDriver(script, [version, world.gateway], env)
  })
  afterAll(() => client?.close())

  test.concurrent.each([
    ['query()', 'query', () => 0],
    ['getQueryResults({ maxResults })', 'firstRows', () => 1],
    // Two a second are its own; then its rows.
    ['promise()', 'promised', (seconds: number) => seconds * 2 + 3],
  ])('%s waits, and has the masked rows', async (way, operation, mostLooks) => {
    const start = Date.now()
    const name = `approved ${version} ${way}`
    const rows = client.ask(operation, patients(name), 10)
    const query = await held(world, name)
    await sleep(1_000)
    expect(query.runs()).toBe(0)
    await query.decide('approve')
    expect(await rows).toEqual(MASKED)
    const most = mostLooks((Date.now() - start) / 1_000)
    expect(query.looks().length, query.looks().join('\n')).toBeLessThanOrEqual(most)
    expect((await query.story()).slice(0, 7)).toEqual(APPROVED)
    expect(query.runs()).toBe(1)
    expect(await asked(world, name)).toHaveLength(1)
  })

  test.concurrent.each([
    ['query()', 'query', `${DENIED} (Sluice call CALL)`],
    ['promise()', 'promised', DENIED],
  ])('%s shows who denied it, and why', async (way, operation, message) => {
    const name = `denied ${version} ${way}`
    const rows = shown(client.ask(operation, patients(name)))
    const query = await held(world, name)
    await query.decide('deny', 'ask for totals instead')
    const error = { message: message.replace('CALL', query.call), reason: 'accessDenied' }
    expect(await rows).toMatchObject(error)
    expect(await query.story()).toEqual(['request', 'asked', 'voted', 'denied', 'not-run'])
    expect(query.runs()).toBe(0)
    expect(await asked(world, name)).toHaveLength(1)
  })

  test.concurrent('says that nobody decided in time', async () => {
    const name = `expired ${version}`
    const sql = `SELECT id FROM ward.visits WHERE '${name}' != ''`
    const error = { code: 403, reason: 'accessDenied', message: expect.stringMatching(EXPIRED) }
    expect(await shown(client.ask('query', sql))).toMatchObject(error)
    const query = await held(world, name)
    expect(await query.story()).toEqual(['request', 'asked', 'expired', 'not-run'])
    expect(query.looks()).toEqual([])
    expect(query.runs()).toBe(0)
  })

  test.concurrent('takes its query back with job.cancel()', async () => {
    const name = `cancelled ${version}`
    expect(await shown(client.ask('cancelWaiting', patients(name), 1_000))).toMatchObject({
      reason: 'stopped',
      message: expect.stringMatching(/^Job execution was cancelled: User requested cancellation/),
    })
    const query = await held(world, name)
    expect(await query.story()).toEqual(['request', 'asked', 'cancelled', 'not-run'])
    expect(query.runs()).toBe(0)
    const late = await world.sluice('approvals', 'approve', query.call, '--as', 'petra')
    expect(late).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: .+\n$/) })
    expect(query.runs()).toBe(0)
  })

  test.concurrent('gets no further page once it is revoked', async () => {
    const name = `revoked ${version}`
    const row = client.ask('firstRow', patients(name))
    const query = await held(world, name)
    await query.decide('approve')
    expect(await row).toEqual(MASKED.slice(0, 1))
    await query.decide('revoke', 'wrong patients')
    const error = { code: 403, reason: 'accessDenied', message: expect.stringContaining(REVOKED) }
    expect(await shown(client.ask('nextRow'))).toMatchObject(error)
    expect(await query.story()).toEqual([...APPROVED, 'revoked'])
    expect(await asked(world, name)).toHaveLength(1)
  })
})

test('no query was sent twice', async () => {
  const recorded = (await world.entries()).filter(({ type }) => type === 'request')
  expect(starts(world)).toHaveLength(recorded.length)
})

/** What a client showed of what went wrong. */
async function shown(asking: Promise<unknown>): Promise<unknown> {
  try {
    return { rows: await asking }
  } catch (cause) {
    return cause instanceof Error && 'shown' in cause ? cause.shown : cause
  }
}
