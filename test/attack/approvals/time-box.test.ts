import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import { boxOf } from '../../../shared/approval/time-box.ts'
import {
  ATTACK_POLICY,
  type AttackWorld,
  attackWorld,
  replaced,
} from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'
import type { Init } from '../../support/world.ts'

const POLICY = replaced(ATTACK_POLICY, {
  'approvals:': 'oracles: { tags: { phi: require-approval }, approval: office }\napprovals:',
  't.glob("acme.hospital.x_*")': 't.glob("acme.hospital.x_*") || t == "acme.hospital.patients"',
  'rules:': `rules:
  - id: large-reads-are-held-twice
    description: Much of it at once takes two.
    effect: require-approval
    approval: two
    when: query.tables.exists(t, t == "acme.hospital.claims") && query.parameters.exists(p, p == "all")`,
})

let here: AttackWorld
let box: Grant
let asked = 0
const fresh = () => `${CLAIMS} OFFSET ${(asked += 1)}`

beforeAll(async () => {
  here = await attackWorld(POLICY)
  box = await granted('etl')
})
afterAll(() => here.close())

/** A time box on claims, for who asks. */
async function granted(as: 'etl' | 'ana' | 'bob', maximumBytes: number | string = '1 GiB') {
  const { grant, jobId } = await here.held(fresh(), { as })
  const said = await here.cast(grant, 'petra', { box: { duration: '1h', maximumBytes } })
  expect(said.status).toBe(200)
  expect(await here.rowsOf(jobId, as)).toMatchObject({ status: 200 })
  return here.again(grant)
}

/** What becomes of a query: it runs under a box, or people are asked. */
async function fate(sql: string, init: Init & { body?: never; with?: object } = { as: 'etl' }) {
  const [requests, jobs] = [here.requests(), here.jobs()]
  const reply = await here.gateway.query(sql, { ...init, with: { timeoutMs: 0, ...init.with } })
  if (reply.status !== 200) return `${reply.status}`
  if (here.requests() > requests) {
    await here.gateway.desk.sweep()
    expect(here.jobs()).toBe(jobs)
    return 'asked'
  }
  const { jobReference }: { jobReference: { jobId: string } } = JSON.parse(await reply.text())
  const rows = await here.rowsOf(jobReference.jobId, init.as ?? 'etl')
  return rows.status === 200 ? 'ran' : rows.text
}

test('B59 what was granted runs without a vote, and each use is on the record', async () => {
  const sql = fresh()
  expect(await fate(sql)).toBe('ran')
  expect((await here.again(box)).events.at(-1)).toMatchObject({ type: 'used' })
  expect(here.story(box.call).at(-1)).toBe('approval:used')
})

test('B59 another statement class is not in it', async () => {
  expect(await fate('DELETE FROM acme.hospital.claims WHERE id = 0')).toBe('asked')
  expect(
    await fate('CREATE TABLE acme.hospital.copied AS SELECT * FROM acme.hospital.claims'),
  ).toBe('asked')
})

test('B59 another table is not in it, nor one that is added to the dataset later', async () => {
  await here.behind('CREATE TABLE acme.hospital.x_later AS SELECT 1 AS id')
  expect(await fate('SELECT id FROM acme.hospital.x_later')).toBe('asked')
  expect(
    await fate(
      'SELECT c.id FROM acme.hospital.claims AS c JOIN acme.hospital.x_later AS l ON c.id = l.id',
    ),
  ).toBe('asked')
  await here.behind('CREATE VIEW acme.hospital.x_seen AS SELECT id FROM acme.hospital.claims')
  expect(await fate('SELECT id FROM acme.hospital.x_seen')).toBe('asked')
})

test('B59 a wildcard is not the tables that it stands for', () => {
  const { events, ...head } = box
  const { tables } = boxOf(
    { ...head, told: { ...head.told, tables: ['acme.hospital.x_*'], targets: [] }, events },
    events.filter((event) => event.type === 'voted'),
  ).box ?? { tables: undefined }
  // By what it stood for when they voted, and by no pattern.
  expect(tables).toEqual(['acme.hospital.claims'])
})

test('B59 what takes other approvals as well is not in it', async () => {
  const parameter = {
    name: 'all',
    parameterType: { type: 'INT64' },
    parameterValue: { value: '9' },
  }
  const options = { parameterMode: 'NAMED', queryParameters: [parameter] }
  const sql = 'SELECT id, amount FROM acme.hospital.claims WHERE id > @all'
  expect(await fate(sql, { as: 'etl', with: options })).toBe('asked')
})

test('B59 does not hold: who may query a table may filter by its masked columns, if that takes the same approval', async () => {
  const plain = await here.held('SELECT ssn FROM acme.hospital.patients LIMIT 1', { as: 'etl' })
  await here.cast(plain.grant, 'petra', { box: { duration: '1h', maximumBytes: '1 GiB' } })
  await here.rowsOf(plain.jobId, 'etl')
  expect(await fate("SELECT id FROM acme.hospital.patients WHERE ssn LIKE '9%'")).toBe('ran')
})

test.each<[string, () => Promise<Init>]>([
  ['another principal', async () => ({ as: 'ana' })],
  ['an agent of theirs', async () => ({ token: await tokenOf({ act: { sub: 'mcp-agent' } }) })],
  ['another client of theirs', async () => ({ token: await tokenOf({ client_id: 'toolbox' }) })],
])('B59 %s does not get it', async (_, init) => {
  const { body: _body, ...asWhom } = await init()
  expect(await fate(fresh(), asWhom)).toBe('asked')
})

const tokenOf = (claims: object) => here.gateway.token('etl', { ...claims })

test('B59 two at once do not use up more than there is', async () => {
  const { told } = await here.held(fresh(), { as: 'bob' }).then(({ grant }) => grant)
  const each = told.estimatedBytes ?? 0
  expect(each).toBeGreaterThan(0)
  // For the one it was asked for, and one and a half more.
  const small = await granted('bob', Math.floor(each * 2.5))
  const fates = await Promise.all(
    Array.from({ length: 4 }, () =>
      here.gateway.query(fresh(), { as: 'bob', with: { timeoutMs: 0 } }),
    ),
  )
  expect(fates.every(({ status }) => status === 200)).toBe(true)
  const { bytesUsed, uses } = standingOf(await here.again(small))
  expect(uses).toBe(1)
  expect(bytesUsed).toBe(each * 2)
})

test('B59 nothing of it outlives another policy', async () => {
  here.enforce(`${POLICY}\n# another\n`)
  expect(await fate(fresh())).toBe('asked')
  here.world.policy = undefined
})

test('B59 its time is up by the clock of the server', async () => {
  const ana = await granted('ana')
  expect(await fate(fresh(), { as: 'ana' })).toBe('ran')
  here.gateway.time.offset += 61 * 60_000
  expect(await fate(fresh(), { as: 'ana' })).toBe('asked')
  await here.gateway.desk.sweep()
  expect(await here.stateOf(ana)).toBe('ended')
})

test('B59 once revoked it is over, also for an instance that used it a moment ago', async () => {
  const again = await granted('etl')
  expect(await fate(fresh())).toBe('ran')
  expect(await here.say(again, 'revocation', 'petra', { reason: 'enough' })).toMatchObject({
    status: 200,
  })
  expect(await fate(fresh())).toBe('asked')
  expect(await here.stateOf(again)).toBe('revoked')
})
