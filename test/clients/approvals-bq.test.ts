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
import { bqEnvironment, hasBq } from './support/bq.ts'
import { type ClientWorld, clientWorld } from './support/client-world.ts'
import { type Ended, run } from './support/program.ts'

// All at once they share what processors there are.
describe.skipIf(!hasBq())('bq', { timeout: 180_000 }, () => {
  let world: ClientWorld
  let env: Readonly<Record<string, string>>
  beforeAll(async () => {
    world = await clientWorld('approvals.policy.yaml')
    env = {
      ...bqEnvironment(world),
      CLOUDSDK_AUTH_ACCESS_TOKEN: await world.token('ana'),
    }
  })
  afterAll(() => world?.close())

  const bq = (...args: readonly string[]): Promise<Ended> => run('bq', args, { env })
  const query = (sql: string, ...flags: readonly string[]): Promise<Ended> =>
    bq('--quiet', 'query', '--format=json', '--nouse_legacy_sql', ...flags, sql)

  test.concurrent.each([[''], ['--rpc']])(
    'query %s waits, and has the masked rows',
    async (rpc) => {
      const name = `approved ${rpc}`
      const start = Date.now()
      const rows = query(patients(name), ...(rpc === '' ? [] : [rpc]))
      const waiting = await held(world, name)
      await sleep(1_000)
      expect(waiting.runs()).toBe(0)
      await waiting.decide('approve')
      expect(json(await rows)).toEqual(MASKED)
      const most = rpc === '' ? (Date.now() - start) / 1_000 + 2 : 1
      expect(waiting.looks().length, waiting.looks().join('\n')).toBeLessThanOrEqual(most)
      expect((await waiting.story()).slice(0, 7)).toEqual(APPROVED)
      expect(waiting.runs()).toBe(1)
      expect(await asked(world, name)).toHaveLength(1)
    },
  )

  test.concurrent('show -j says that it awaits approval, and until when', async () => {
    const name = 'shown'
    const jobId = 'shown_while_it_waits'
    const started = await query(patients(name), '--nosync', `--job_id=${jobId}`)
    expect(json(started)).toMatchObject({ status: { state: 'PENDING' } })
    const waiting = await held(world, name)
    const [shown, list, facts] = await Promise.all([
      bq('show', '-j', jobId),
      world.sluice('approvals', 'list', '--as', 'petra'),
      world.sluice('approvals', 'show', waiting.call, '--as', 'petra'),
    ])
    expect(shown.stdout).toMatch(/\bPENDING\b/)
    expect(shown.stdout).toMatch(/\bsluice_approval:awaited\b/)
    expect(shown.stdout).toMatch(/\bsluice_approval_until:\d{4}-\d\d-\d\dt\d\d-\d\d-\d\dz\b/)
    expect(list.stdout).toContain(waiting.call.slice(0, 8))
    expect(facts.stdout).toContain('ana@acme.example')
    expect(facts.stdout).toContain("'shown' != ''")

    // Whoever gave up finds the rows later, under the same job id.
    await waiting.decide('approve')
    expect((await bq('wait', jobId)).stdout).toMatch(/\bSUCCESS\b/)
    expect(json(await bq('--format=json', 'head', '-j', jobId))).toEqual(MASKED)
    expect(waiting.runs()).toBe(1)
  })

  test.concurrent.each([[''], ['--rpc']])('query %s shows who denied it, and why', async (rpc) => {
    const name = `denied ${rpc}`
    const rows = query(patients(name), ...(rpc === '' ? [] : [rpc]))
    const waiting = await held(world, name)
    await waiting.decide('deny', 'ask for totals instead')
    expect(said(await rows)).toMatch(/^BigQuery error in query operation: /)
    expect(said(await rows)).toContain(DENIED)
    expect(await waiting.story()).toEqual(['request', 'asked', 'voted', 'denied', 'not-run'])
    expect(waiting.runs()).toBe(0)
    expect(await asked(world, name)).toHaveLength(1)
  })

  test.concurrent('says that nobody decided in time', async () => {
    const name = 'expired'
    const error = said(await query(`SELECT id FROM ward.visits WHERE '${name}' != ''`))
    expect(error.replace(/^.*?(?=Access Denied)/, '')).toMatch(EXPIRED)
    const waiting = await held(world, name)
    expect(await waiting.story()).toEqual(['request', 'asked', 'expired', 'not-run'])
    expect(waiting.runs()).toBe(0)
  })

  test.concurrent('cancel takes a query back', async () => {
    const name = 'cancelled'
    const rows = query(patients(name), '--job_id=cancel_me')
    const waiting = await held(world, name)
    const cancelled = await bq('cancel', 'cancel_me')
    expect(cancelled.stdout).toContain('Job has been cancelled successfully.')
    expect(said(await rows)).toContain('Job execution was cancelled: User requested cancellation')
    expect(await waiting.story()).toEqual(['request', 'asked', 'cancelled', 'not-run'])
    const late = await world.sluice('approvals', 'approve', waiting.call, '--as', 'petra')
    expect(late.code).toBe(1)
    expect(waiting.runs()).toBe(0)
  })

  test.concurrent('reads nothing more once it is revoked', async () => {
    const name = 'revoked'
    const rows = query(patients(name), '--job_id=revoke_me')
    const waiting = await held(world, name)
    await waiting.decide('approve')
    expect(json(await rows)).toEqual(MASKED)
    await waiting.decide('revoke', 'wrong patients')
    const late = await bq('--format=json', 'head', '-j', '-s', '1', 'revoke_me')
    expect(said(late)).toContain(REVOKED)
    expect(late.stdout).not.toContain('XXXXX')
    expect((await waiting.story()).slice(0, 7)).toEqual(APPROVED)
    expect((await waiting.story()).at(-1)).toBe('revoked')
    expect(await asked(world, name)).toHaveLength(1)
  })

  test('no query was sent twice', async () => {
    const recorded = (await world.entries()).filter(({ type }) => type === 'request')
    expect(starts(world)).toHaveLength(recorded.length)
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
