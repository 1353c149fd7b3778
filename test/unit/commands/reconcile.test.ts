import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import {
  type ReconciliationWorld,
  reconciliationWorld,
} from '../../support/reconciliation-world.ts'
import { runSluice } from '../../support/run-sluice.ts'
import { served } from '../../support/served.ts'

const HOUR = 60 * 60_000
const AT = Date.UTC(2026, 5, 1)

let world: ReconciliationWorld
let gateway: Awaited<ReturnType<typeof served>>
let folder: string
beforeEach(async () => {
  world = await reconciliationWorld()
  gateway = await served(() => world.app)
  folder = mkdtempSync(join(tmpdir(), 'sluice-reconcile-'))
})
afterEach(async () => {
  await gateway.close()
  await world.close()
  rmSync(folder, { recursive: true })
})

async function reconcile(...args: readonly string[]) {
  const file = join(folder, 'token')
  writeFileSync(file, `${await world.token('otto')}\n`)
  return runSluice('reconcile', ...args, '--gateway', gateway.url, '--token-file', file)
}

test('says that everything fits, and ends with 0', async () => {
  expect(await reconcile('--from', '2026-06-01', '--to', '2026-06-01T06:00Z')).toEqual({
    code: 0,
    err: '',
    out: `from 2026-06-01T00:00:00.000Z to 2026-06-01T06:00:00.000Z
0 jobs of Sluice, 0 calls that BigQuery must have run, 0 own questions; 0 jobs of others
everything fits
`,
  })
})

test('shows what does not fit as it is, and ends with 3', async () => {
  world.bypass(AT + HOUR, { jobId: 'job_\u202Etxt' })
  const span = ['--from', '2026-06-01T00:00:00Z', '--to', '2026-06-01T08:00:00+02:00']
  const { code, out } = await reconcile(...span)
  expect(code).toBe(3)
  expect(out.split('\n').slice(2)).toEqual([
    '1 that do not fit:',
    '  job-without-entry, job acme:EU.job_\\u202Etxt, as sluice@acme.example, it has no label of Sluice, new',
    '',
  ])
  expect((await reconcile(...span)).out).toMatch(/known since \d{4}-/)
  const { code: again, out: json } = await reconcile(...span, '--json')
  expect(again).toBe(3)
  expect(JSON.parse(json)).toMatchObject({ jobs: 1, alerts: [{ isNew: false }] })
})

test('goes on until it has come to the end', async () => {
  world.limit.forMs = 0
  world.bypass(AT + HOUR)
  world.bypass(AT + 13 * HOUR, { jobId: 'later' })
  const { out, code } = await reconcile('--from', '2026-06-01', '--to', '2026-06-02', '--json')
  expect(code).toBe(3)
  expect(JSON.parse(out)).toMatchObject({
    from: '2026-06-01T00:00:00.000Z',
    to: '2026-06-02T00:00:00.000Z',
    jobs: 2,
    alerts: [{ isNew: true }, { isNew: true }],
  })
  expect(world.asked).toHaveLength(4)
})

test('what the gateway says no to is one line, and ends with 1', async () => {
  world.history.isDown = true
  const { code, out, err } = await reconcile('--from', '2026-06-01', '--to', '2026-06-02')
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/^error: Sluice cannot answer this right now; its log says why/)
})

test.each(['yesterday', '2026-13-01', '1717200000'])('%s is no time', async (text) => {
  expect(await reconcile('--from', text)).toMatchObject({ code: 2, out: '' })
  expect(world.asked).toEqual([])
})
