import { randomBytes } from 'node:crypto'

import { afterAll, expect, test } from 'vitest'

import type { CredentialProvider } from '../../../shared/adapters/bigquery/credential.ts'
import { bigQueryJobHistory } from '../../../shared/adapters/bigquery/job-history.ts'
import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'
import { parseProjectId } from '../../../shared/bigquery/reference.ts'
import type { JobHistory, WhichJobs } from '../../../shared/recording/reconcile/job-history.ts'
import { localBigQuery } from '../../support/local-bigquery.ts'

const ACCOUNT = 'sluice@acme.iam.gserviceaccount.com'
const OTHER = 'ann@acme.example'
const place = { projectId: 'acme', location: 'US' }
const always = () => ({ from: 0, to: Date.now() + 1 })

const { url, insert } = await localBigQuery()
const historyWith = (key: number) => {
  const history = bigQueryJobHistory({
    baseUrl: new URL(url),
    credentials: () => tokenOf(ACCOUNT),
    clock: Date.now,
    connections: [
      {
        id: 'main',
        projects: [parseProjectId('acme') ?? fail()],
        location: undefined,
        credential: { kind: 'none' },
        limits: { maximumBytesBilled: undefined, jobTimeoutMs: undefined },
      },
    ],
    keys: [Buffer.alloc(32, key)],
    random: randomBytes,
  })
  afterAll(() => history.close())
  return history
}
const history = historyWith(1)

function fail(): never {
  throw new Error('not a name')
}

function tokenOf(address: string): CredentialProvider {
  return {
    token: async () => ({ accessToken: new Redacted(address), version: 'test' }),
    invalidate: () => {},
  }
}

/** Runs a query past Sluice; resolves when it is done. */
async function runAs(account: string, labels: object, sql = 'SELECT 1'): Promise<string> {
  const response = await fetch(`${url}/bigquery/v2/projects/acme/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: sql, useLegacySql: false, labels }),
  })
  const body: unknown = await response.json()
  return JSON.stringify(body).match(/"jobId":"([^"]+)"/)?.[1] ?? ''
}

async function all(which: WhichJobs, from: JobHistory = history, span = always()) {
  const found = { jobs: new Map<string, unknown>(), ownQuestions: 0, others: 0 }
  for await (const page of from.jobs(place, span, which)) {
    for (const job of page.jobs) found.jobs.set(job.jobId, job)
    found.ownQuestions += page.ownQuestions
    found.others += page.others
  }
  return found
}

test('it knows as whom it asks', async () => {
  expect(await history.accounts()).toEqual([ACCOUNT])
})

test('jobs of the account come with what BigQuery says of them, those of others are counted', async () => {
  const before = Date.now()
  const plain = await runAs(ACCOUNT, {})
  const labelled = await runAs(ACCOUNT, {
    sluice_entry: 'e1',
    sluice_session: 's1',
    sluice_decision: 'd1',
  })
  const theirs = await runAs(OTHER, {})
  const copied = await runAs(OTHER, { sluice_entry: 'e2' })
  await runAs(ACCOUNT, { sluice_entry: 'broken' }, 'SELECT ERROR("no")')
  const { jobs, others } = await all({ accounts: [ACCOUNT] })
  expect(jobs.get(plain)).toMatchObject({
    ...place,
    account: ACCOUNT,
    parent: undefined,
    state: 'DONE',
    jobType: 'QUERY',
    statementType: 'SELECT',
    errorReason: undefined,
    labels: { entry: undefined, session: undefined, decision: undefined },
  })
  expect(jobs.get(plain)).toHaveProperty(
    'createdAt',
    expect.toSatisfy((at) => at >= before),
  )
  expect(jobs.get(labelled)).toMatchObject({
    labels: { entry: 'e1', session: 's1', decision: 'd1' },
  })
  expect(jobs.has(theirs)).toBe(false)
  expect(jobs.get(copied)).toMatchObject({ account: OTHER, labels: { entry: 'e2' } })
  expect([...jobs.values()]).toContainEqual(
    expect.objectContaining({ errorReason: 'invalidQuery' }),
  )
  expect(others).toBe(1)
})

test('jobs can be asked for by their labels', async () => {
  const wanted = await runAs(ACCOUNT, { sluice_entry: 'wanted' })
  await runAs(ACCOUNT, { sluice_entry: 'unwanted' })
  const { jobs, others } = await all({ entries: ['wanted', 'none'] })
  expect([...jobs.keys()]).toEqual([wanted])
  expect(others).toBe(0)
})

test('its own questions are known by a key, and a copied name of one is a job like any other', async () => {
  await history.accounts()
  const { ownQuestions, jobs } = await all({ accounts: [ACCOUNT] })
  expect(ownQuestions).toBeGreaterThan(0)
  expect([...jobs.keys()].filter((id) => id.startsWith('sluice_own'))).toEqual([])

  const forged = `sluice_own_${'a'.repeat(26)}_${'b'.repeat(26)}`
  await insert('SELECT 1', { jobId: forged }, { labels: { sluice_own: 'job-history' } })
  const again = await all({ accounts: ['local@sluice.example', ACCOUNT] })
  expect([...again.jobs.keys()]).toContain(forged)
  // Without the key nothing of it is its own.
  const { ownQuestions: known } = await all({ accounts: [ACCOUNT] }, historyWith(2))
  expect(known).toBe(0)
})

test('jobs of another time are not there', async () => {
  await runAs(ACCOUNT, {})
  const { jobs, others } = await all({ accounts: [ACCOUNT] }, history, { from: 0, to: 1 })
  expect([jobs.size, others]).toEqual([0, 0])
})

test('places are the regions where anybody ran something', async () => {
  await runAs(OTHER, {})
  expect(await history.places(always())).toEqual([place])
  expect(await history.places(always(), 'acme')).toEqual([place])
  expect(await history.places(always(), 'elsewhere')).toEqual([])
  expect(await history.places({ from: 0, to: 1 })).toEqual([])
})

test('of a project that BigQuery does not show nothing is known, in fixed words', async () => {
  const span = always()
  const elsewhere = { projectId: 'acme', location: 'asia-east1' }
  await expect(async () => {
    for await (const page of history.jobs(elsewhere, span, { accounts: [ACCOUNT] })) void page
  }).rejects.toThrow('bigquery does not say which jobs it ran: `status 404, notFound`')
})
