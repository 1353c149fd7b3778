import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { secretOf } from '../../functions/commands/local-secret.ts'
import { localToken } from '../../functions/commands/local-token.ts'
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts'
import { type ReplayReport, replayReport } from '../../shared/console/views/replay-view.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { guarantee } from '../support/guarantee.ts'

const infra = join(import.meta.dirname, '../../infra')
const state = mkdtempSync(join(tmpdir(), 'sluice-state-'))
const entries: Entry[] = []
const ran: string[] = []
let stack: LocalStack

/** A rule that says no by the names of the sandbox alone. */
const DENIED_THERE = `
  - id: no-staff-in-the-sandbox
    description: The copy of staff is out of date, so nothing of it is replayed.
    effect: deny
    when: query.tables.exists(t, t == "acme-sandbox.hospital.staff")
`

beforeAll(async () => {
  const policy = join(state, 'edited.yaml')
  const example = readFileSync(join(infra, 'policy/example.yaml'), 'utf8')
  writeFileSync(policy, example.trimEnd() + DENIED_THERE)
  const bigQuery = {
    workers: 1,
    beforeJob: async (sql: string) => void ran.push(sql),
  }
  const ports = { port: 0, issuerPort: 0, bigqueryPort: 0 }
  stack = await startLocalStack({
    ...ports,
    policy,
    state,
    bigQuery,
    onEntry: (entry) => void entries.push(entry),
  })
}, 60_000)
afterAll(async () => {
  await stack.close()
  rmSync(state, { recursive: true, force: true, maxRetries: 10 })
})

/** A request to the gateway as somebody. */
async function ask(as: string, path: string, body?: object, session = 'work'): Promise<Response> {
  const secret = secretOf(as, join(infra, 'local/identities.yaml'))
  const { access_token: token } = await localToken(stack.issuer.url, as, secret)
  return fetch(`${stack.gateway}${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'sluice-session': session,
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
}

const Answer = z.object({
  jobReference: z.object({ jobId: z.string() }),
  pageToken: z.string().optional(),
})
const Jobs = z.object({ jobs: z.array(z.unknown()).optional() })

const QUERIES = '/bigquery/v2/projects/acme/queries'

/** Queries of Ana in a session of this name: its id. */
async function asked(session: string, queries: readonly object[]): Promise<string> {
  for (const query of queries) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    const answer = await ask('ana', QUERIES, { useLegacySql: false, ...query }, session)
    expect(answer.status).toBe(200)
    // oxlint-disable-next-line no-await-in-loop
    const { jobReference, pageToken } = Answer.parse(await answer.json())
    if (pageToken === undefined) continue
    // oxlint-disable-next-line no-await-in-loop
    const page = await ask(
      'ana',
      `${QUERIES}/${jobReference.jobId}?pageToken=${encodeURIComponent(pageToken)}&maxResults=9&location=US`,
      undefined,
      session,
    )
    expect(page.status).toBe(200)
  }
  const last = entries.findLast((entry) => entry.type === 'request')
  return last?.session?.id ?? ''
}

async function replay(body: object, as = 'otto'): Promise<ReplayReport> {
  const answer = await ask(as, '/v1/replays', body)
  const text = await answer.text()
  expect(answer.status, text).toBe(200)
  return replayReport.parse(JSON.parse(text))
}

/** Changes data as somebody does who needs no gateway. */
async function behind(sql: string): Promise<void> {
  const answer = await fetch(`${stack.bigQuery.url}${QUERIES}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: sql, useLegacySql: false, timeoutMs: 20_000 }),
  })
  expect(answer.status, await answer.text()).toBe(200)
}

const PLAN = [
  { query: 'SELECT id, ssn, email, birth_date FROM acme.hospital.patients ORDER BY id LIMIT 30' },
  { query: 'SELECT payer, COUNT(*) AS n FROM acme.hospital.claims GROUP BY payer ORDER BY payer' },
  { query: 'SELECT id, amount FROM acme.hospital.claims ORDER BY id LIMIT 16', maxResults: 7 },
  {
    query:
      'SELECT id, admitted_at FROM acme.hospital.encounters WHERE kind = @kind ORDER BY id LIMIT 9',
    parameterMode: 'NAMED',
    queryParameters: [
      { name: 'kind', parameterType: { type: 'STRING' }, parameterValue: { value: 'inpatient' } },
    ],
    // Other digits for the same instants.
    formatOptions: { useInt64Timestamp: true },
  },
]

const same = { state: 'run', decision: 'same', schema: 'same', rows: 'same', digest: 'same' }

describe('a session over HTTP', () => {
  let session = ''
  beforeAll(async () => {
    session = await asked('plan', PLAN)
  }, 60_000)

  test('replays to the digests on the record, and the report is there to be read', async () => {
    const before = ran.length
    const report = await replay({ session })
    expect(report.calls).toMatchObject(PLAN.map(() => same))
    expect(report).toMatchObject({ verdict: 'same', of: session, connection: 'sandbox' })
    for (const sql of ran.slice(before)) expect(sql).not.toMatch(/`acme`|\bacme\.hospital/)
    expect(ran.length - before).toBeGreaterThanOrEqual(PLAN.length)
    const read = await ask('otto', `/v1/replays/${report.replay.replace('replay~', '')}`)
    expect(await read.json()).toEqual(JSON.parse(JSON.stringify(report)))
    expect(JSON.stringify(report)).not.toMatch(/\d{3}-\d{2}-\d{4}|\w@\w/)
  }, 60_000)

  test('shows that the data changed, and that it was the same then', async () => {
    await wait(20)
    await behind('UPDATE `acme-sandbox`.hospital.claims SET amount = amount + 1 WHERE TRUE')
    const now = await replay({ session })
    expect(now.verdict).toBe('different')
    expect(now.calls.map(({ digest }) => digest)).toEqual(['same', 'same', 'different', 'same'])
    const then = await replay({ session, asOf: 'then' })
    expect(then.calls).toMatchObject(PLAN.map(() => same))
    expect(then.verdict).toBe('same')
    expect(Date.parse(then.asOf ?? '')).toBeLessThan(Date.parse(then.at))
    expect(ran.at(-1)).toContain('FOR SYSTEM_TIME AS OF')
  }, 60_000)

  guarantee('replay-only-in-sandbox', async () => {
    const [before, asks] = [ran.length, requests()]
    for (const as of ['ana', 'carla', 'petra', 'ada', 'mcp-agent']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await ask(as, '/v1/replays', { session })
      expect([as, answer.status]).toEqual([as, 403])
      // oxlint-disable-next-line no-await-in-loop
      await answer.text()
    }
    expect([ran.length, requests()]).toEqual([before, asks])
  })

  guarantee('replay-rows-to-nobody', async () => {
    const { calls } = await replay({ call: callsOf(session)[0] })
    const made = entries.find((entry) => entry.type === 'request' && entry.call === calls[0]?.call)
    const outcome = entries.find((entry) => entry.type === 'outcome' && entry.call === made?.call)
    const job = outcome?.type === 'outcome' ? outcome.delivery?.job : undefined
    expect(job?.projectId).toBe('acme-sandbox')
    const path = `/bigquery/v2/projects/acme-sandbox`
    for (const as of ['ana', 'otto', 'olga', 'petra'])
      for (const way of [`queries/${job?.jobId}`, `jobs/${job?.jobId}`]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const answer = await ask(as, `${path}/${way}?location=US`)
        // oxlint-disable-next-line no-await-in-loop
        expect([as, way, answer.status, await answer.text()]).toMatchObject([
          as,
          way,
          404,
          /Not found/,
        ])
      }
    const { jobs = [] } = Jobs.parse(await (await ask('ana', `${path}/jobs`)).json())
    expect(jobs).toEqual([])
  })
})

const requests = (): number => entries.filter(({ type }) => type === 'request').length

/** The calls of a session, in their order. */
function callsOf(session: string): readonly string[] {
  return entries.flatMap((entry) =>
    entry.type === 'request' && entry.session?.id === session ? [entry.call] : [],
  )
}

test.each([
  [
    'a rule says no to the copy',
    'SELECT COUNT(*) AS n FROM acme.hospital.staff',
    {},
    'denied-in-sandbox',
  ],
  [
    'a routine reads what it likes',
    "SELECT acme.hospital.mask_ssn('123-45-6789') AS shown FROM acme.hospital.claims LIMIT 1",
    {},
    'not-mapped',
  ],
  [
    'a view has no past',
    'SELECT COUNT(*) AS n FROM acme.hospital.patients_deidentified',
    { asOf: 'then' },
    'no-time-travel',
  ],
])('is not run: %s', async (_, query, more, reason) => {
  const session = await asked(`not run: ${reason}`, [{ query }])
  const before = ran.length
  const report = await replay({ session, ...more })
  expect(report).toMatchObject({ verdict: 'nothing-run', calls: [{ state: 'not-run', reason }] })
  expect(ran.length).toBe(before)
})

test('what is erased is not run, and the report says why', async () => {
  const session = await asked('erased', [
    { query: 'SELECT COUNT(*) AS n FROM acme.hospital.claims' },
  ])
  const erased = await ask('petra', '/v1/erasures', { session, reason: 'asked for' })
  expect(erased.status, await erased.text()).toBeLessThan(300)
  const before = ran.length
  await expect
    .poll(async () => (await replay({ session })).calls[0]?.reason, { timeout: 15_000 })
    .toBe('erased')
  expect(ran.length).toBe(before)
}, 30_000)

test.each([
  ['no sandbox of the policy', { call: 'a'.repeat(26), connection: 'hospital' }, 409],
  ['no session', { session: 'a'.repeat(26) }, 404],
  ['no call', { call: 'a'.repeat(26) }, 404],
  ['a session and a call', { call: 'a'.repeat(26), session: 'a'.repeat(26) }, 400],
  ['neither', {}, 400],
  ['another time', { call: 'a'.repeat(26), asOf: '2020-01-01T00:00:00Z' }, 400],
])('is refused, and nothing runs: %s', async (_, body, status) => {
  const before = ran.length
  const answer = await ask('otto', '/v1/replays', body)
  expect(answer.status, await answer.text()).toBe(status)
  expect(ran.length).toBe(before)
})
