import { randomBytes } from 'node:crypto'

import { afterAll, expect, test } from 'vitest'

import { noCredential } from '../../../shared/adapters/bigquery/credential.ts'
import { bigQueryJobHistory } from '../../../shared/adapters/bigquery/job-history.ts'
import { ownJobIds } from '../../../shared/adapters/bigquery/own-job-ids.ts'
import { parseProjectId, tableReference } from '../../../shared/bigquery/reference.ts'
import type { AuditedPage } from '../../../shared/recording/reconcile/cloud-audit-logs.ts'
import { dataFolder, localBigQuery } from '../../support/local-bigquery.ts'

const ACCOUNT = 'sluice@acme.iam.gserviceaccount.com'
const AT = Date.UTC(2026, 10, 21, 9)
const key = randomBytes(32)

const record = (name: string, ...fields: readonly object[]) => ({ name, type: 'RECORD', fields })
const string = (name: string) => ({ name, type: 'STRING' })

/** As far as it is read: https://cloud.google.com/logging/docs/export/bigquery */
const schema = [
  { name: 'timestamp', type: 'TIMESTAMP' },
  record('resource', string('type'), record('labels', string('project_id'), string('location'))),
  record(
    'protopayload_auditlog',
    string('methodName'),
    record('authenticationInfo', string('principalEmail')),
    string('metadataJson'),
  ),
]

/** An entry of the log, as Cloud Logging exports it. */
function entry(metadata: object, { at = AT, account = ACCOUNT, location = 'EU' } = {}): string {
  return JSON.stringify({
    timestamp: new Date(at).toISOString(),
    resource: { type: 'bigquery_project', labels: { project_id: 'acme', location } },
    protopayload_auditlog: {
      methodName: 'google.cloud.bigquery.v2.JobService.InsertJob',
      authenticationInfo: { principalEmail: account },
      metadataJson: JSON.stringify({
        '@type': 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata',
        ...metadata,
      }),
    },
  })
}

/** A job that ended. */
function ended(jobName: string, { labels = {}, parent = {} } = {}) {
  return {
    jobChange: {
      before: 'RUNNING',
      after: 'DONE',
      job: {
        jobName,
        jobConfig: {
          type: 'QUERY',
          queryConfig: { query: 'SELECT 1', statementType: 'SELECT' },
          labels,
        },
        jobStatus: { jobState: 'DONE' },
        jobStats: {
          createTime: '2026-11-21T08:59:58.123Z',
          queryStats: { totalBilledBytes: '10485760' },
          ...parent,
        },
      },
    },
  }
}

const own = ownJobIds([key], randomBytes).next({ projectId: 'acme', location: 'EU' })
const logs = [
  entry(ended('projects/elsewhere/jobs/job_1')),
  entry(
    ended('projects/acme/jobs/job_2', {
      labels: { sluice_entry: 'e', sluice_session: 's', sluice_decision: 'd' },
      parent: { parentJobName: 'projects/acme/jobs/script' },
    }),
    { location: 'us-east1' },
  ),
  entry(ended(`projects/acme/jobs/${own}`)),
  entry(ended('projects/acme/jobs/of_somebody'), { account: 'ann@acme.example' }),
  entry(ended('projects/acme/jobs/of_yesterday'), { at: AT - 86_400_000 }),
  // A dry run, and the beginning of a job.
  entry({
    jobInsertion: { job: { jobName: 'projects/acme/jobs/job_2' }, reason: 'QUERY_REQUEST' },
  }),
  entry({ tableDataRead: { reason: 'JOB', jobName: 'projects/acme/jobs/job_2' } }),
  entry({
    tableDataRead: {
      reason: 'CREATE_READ_SESSION',
      sessionName: 'projects/elsewhere/locations/eu/sessions/CAIS',
    },
  }),
]

const TABLE = 'cloudaudit_googleapis_com_data_access'
const { url } = await localBigQuery({
  data: dataFolder(
    {
      [`acme/audit/${TABLE}.schema.json`]: JSON.stringify(schema),
      [`acme/audit/${TABLE}.ndjson`]: logs.join('\n'),
    },
    true,
  ),
})

function historyOf(tableId: string) {
  const table = tableReference('acme', 'audit', tableId)
  const projectId = parseProjectId('acme')
  if (table === undefined || projectId === undefined) throw new Error('not a name')
  const history = bigQueryJobHistory({
    baseUrl: new URL(url),
    credentials: () => noCredential,
    clock: Date.now,
    connections: [
      {
        id: 'main',
        projects: [projectId],
        location: undefined,
        credential: { kind: 'none' },
        limits: { maximumBytesBilled: undefined, jobTimeoutMs: undefined },
      },
    ],
    keys: [key],
    random: randomBytes,
    auditLogs: { table, connection: 'main' },
  })
  afterAll(() => history.close())
  return history
}

async function read(tableId = TABLE): Promise<readonly AuditedPage[]> {
  const { cloudAuditLogs } = historyOf(tableId)
  const span = { from: AT - 60_000, to: AT + 60_000 }
  const pages: AuditedPage[] = []
  for await (const page of cloudAuditLogs?.(span, [ACCOUNT]) ?? []) pages.push(page)
  return pages
}

test('jobs that ended and read sessions come as the logs have them; own questions do not', async () => {
  const [page, ...more] = await read()
  expect(more).toEqual([])
  const jobs = page?.jobs.toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1))
  const common = {
    account: ACCOUNT,
    createdAt: Date.UTC(2026, 10, 21, 8, 59, 58, 123),
    state: 'DONE',
    jobType: 'QUERY',
    statementType: 'SELECT',
    errorReason: undefined,
    totalBytesBilled: '10485760',
  }
  expect(jobs).toEqual([
    {
      ...common,
      projectId: 'elsewhere',
      jobId: 'job_1',
      location: 'EU',
      parent: undefined,
      labels: { entry: undefined, session: undefined, decision: undefined },
    },
    {
      ...common,
      projectId: 'acme',
      jobId: 'job_2',
      location: 'us-east1',
      parent: 'projects/acme/jobs/script',
      labels: { entry: 'e', session: 's', decision: 'd' },
    },
  ])
  expect(page?.readSessions).toEqual([
    { account: ACCOUNT, session: { projectId: 'elsewhere', location: 'eu', jobId: 'CAIS' } },
  ])
})

test('logs that are not there are no empty logs', async () => {
  await expect(read('elsewhere')).rejects.toThrow('bigquery does not say which jobs it ran')
})
