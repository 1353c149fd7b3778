import { afterAll, beforeAll, expect, test } from 'vitest'

import { type AttackWorld, attackWorld, replaced } from '../../support/approval-attack.ts'
import { APPROVAL_POLICY } from '../../support/approval-world.ts'

/** Says nothing of columns: what a query reads is decided by the names in it. */
const BY_NAME = replaced(APPROVAL_POLICY, {
  [/data:\n[\s\S]*?(?=roles:)/.exec(APPROVAL_POLICY)?.[0] ?? '-']: '',
  '    unmask: [phi, contact]\n': '',
  '(t, t == "acme.hospital.claims")':
    '(t, t == "acme.hospital.claims" || t.glob("acme.hospital.x_*"))',
})

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld(BY_NAME)
  await here.behind('CREATE VIEW acme.hospital.x_v AS SELECT id FROM acme.hospital.claims')
})
afterAll(() => here.close())

test('B45 a view was replaced between the vote and the start, under a policy that names no column', async () => {
  const { grant, jobId } = await here.held('SELECT * FROM acme.hospital.x_v')
  expect(grant.request.sources.map(({ name }) => name).toSorted()).toEqual([
    'acme.hospital.claims',
    'acme.hospital.x_v',
  ])
  await here.behind(
    'CREATE OR REPLACE VIEW acme.hospital.x_v AS SELECT patient_id AS id FROM acme.hospital.claims',
  )
  await here.vote(grant, 'petra')
  const { status, text } = await here.rowsOf(jobId)
  expect(status).toBe(403)
  expect(await here.stateOf(grant)).toBe('ended')
  expect(here.jobsOf(grant)).toBe(0)
  expect(text).toContain('a table, view or routine it reads has changed since')
})

test('B59 a time box on a view opens no table that somebody put under it since', async () => {
  await here.behind('CREATE VIEW acme.hospital.x_boxed AS SELECT id FROM acme.hospital.claims')
  const { grant } = await here.held('SELECT * FROM acme.hospital.x_boxed')
  const box = { durationMs: 3_600_000, maximumBytes: 2 ** 30 }
  await here.vote(grant, 'petra', 'approve', { box })
  await here.behind(
    'CREATE OR REPLACE VIEW acme.hospital.x_boxed AS SELECT id FROM acme.hospital.patients',
  )
  const jobs = here.jobs()
  const reply = await here.gateway.query('SELECT id FROM acme.hospital.x_boxed WHERE id > 0', {
    with: { timeoutMs: 0 },
  })
  expect(await reply.text()).not.toContain('"rows"')
  expect(here.jobs()).toBe(jobs)
})
