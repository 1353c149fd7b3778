import { expect, test } from 'vitest'

import { jobLabels } from '../../../../shared/recording/job-labels.ts'
import type { PastJob } from '../../../../shared/recording/reconcile/job-history.ts'
import { type JobEvidence, judgeJobs } from '../../../../shared/recording/reconcile/judge-job.ts'
import type { KnownRequest } from '../../../../shared/recording/reconcile/known-call.ts'
import { sampleCallId, sampleJob } from '../../../support/sample-entries.ts'

const AT = 1_790_000_000_000
const HOUR = 60 * 60_000
const hash = '5a'.repeat(32)
const call = sampleCallId(1)

const request: KnownRequest = {
  call,
  at: AT,
  method: 'jobs.query',
  dryRun: false,
  projectId: 'acme',
  job: undefined,
  grant: undefined,
  session: { id: 'session-1' },
  decision: { rules: ['analysts-read'] },
  hash,
  label: jobLabels({ session: { id: '' }, decision: { rules: [] } }, hash).sluice_entry,
}

const due = jobLabels(request, hash)
const labels = {
  entry: due.sluice_entry,
  session: due.sluice_session,
  decision: due.sluice_decision,
}

const job: PastJob = {
  projectId: 'acme',
  jobId: 'job_1',
  location: 'US',
  account: 'sluice@acme.example',
  createdAt: AT + 50,
  parent: undefined,
  state: 'DONE',
  jobType: 'QUERY',
  statementType: 'SELECT',
  errorReason: undefined,
  totalBytesBilled: '0',
  labels,
}

const claimed = sampleJob({ ...pick(job), call, request: hash })
const good: JobEvidence = { job, request, claimed, end: undefined }

function pick({ projectId, jobId, location }: PastJob) {
  return { projectId, jobId, location }
}

const named = { ...request, job: pick(job) }
const held = { ...named, grant: call }
const answeredWith = (jobId: string) =>
  ({ call, outcome: 'released', job: { ...pick(job), jobId } }) as const

test.each<[string, JobEvidence]>([
  ['a query whose job was claimed', good],
  ['one that nobody claimed, as the instance died', { ...good, claimed: undefined }],
  [
    'one that the record says was answered with it',
    { ...good, claimed: undefined, end: answeredWith('job_1') },
  ],
  ['a job that its request names', { ...good, request: named, claimed: undefined }],
  [
    'a job that people approved for a day',
    { ...good, request: held, leaveAt: AT + 24 * HOUR, job: { ...job, createdAt: AT + 24 * HOUR } },
  ],
  [
    'a statement of a script, for which the script answers',
    { ...good, request: undefined, job: { ...job, parent: 'job_0', labels: none() } },
  ],
  [
    'a job that BigQuery refused to start, of which the record says that it never ran',
    {
      ...good,
      request: named,
      job: { ...job, errorReason: 'invalidQuery', totalBytesBilled: undefined },
      end: { call, outcome: 'not-run', job: undefined },
    },
  ],
])('%s is as it should be', (_, evidence) => {
  expect(judgeJobs([evidence])).toEqual([])
})

function none(): PastJob['labels'] {
  return { entry: undefined, session: undefined, decision: undefined }
}

test.each<[string, string, JobEvidence]>([
  [
    'job-without-entry',
    'it has no label of Sluice',
    { ...good, request: undefined, claimed: undefined, job: { ...job, labels: none() } },
  ],
  [
    'job-without-entry',
    'its label names no request that it could belong to',
    { ...good, request: undefined },
  ],
  [
    'label-mismatch',
    'it has no label, though its id is that of a call',
    { ...good, job: { ...job, labels: none() } },
  ],
  [
    'label-mismatch',
    'its label is not that of its request',
    { ...good, job: { ...job, labels: { ...labels, entry: 'another' } } },
  ],
  [
    'label-mismatch',
    'its label names another session',
    { ...good, job: { ...job, labels: { ...labels, session: undefined } } },
  ],
  [
    'label-mismatch',
    'its label names another rule',
    { ...good, job: { ...job, labels: { ...labels, decision: 'other' } } },
  ],
  [
    'label-mismatch',
    'its label names a request that starts no job',
    { ...good, request: { ...request, dryRun: true } },
  ],
  [
    'label-mismatch',
    'its label names a request that starts no job',
    { ...good, request: { ...request, method: 'tables.get' } },
  ],
  [
    'label-mismatch',
    'its request is for another project',
    { ...good, job: { ...job, projectId: 'other' } },
  ],
  [
    'label-mismatch',
    'its request is for another job',
    { ...good, request: named, job: { ...job, jobId: 'job_2' } },
  ],
  [
    'label-mismatch',
    'its request is for another job',
    { ...good, request: named, claimed: undefined, job: { ...job, location: 'EU' } },
  ],
  [
    'label-mismatch',
    'its id belongs to another call',
    { ...good, job: { ...job, location: 'EU' } },
  ],
  [
    'label-mismatch',
    'its request was answered with another job',
    {
      ...good,
      request: { ...named, job: { ...pick(job), location: undefined } },
      claimed: undefined,
      end: answeredWith('job_1'),
      job: { ...job, location: 'EU' },
    },
  ],
  ['label-mismatch', 'it ran before anybody gave leave', { ...good, request: held }],
  [
    'label-mismatch',
    'it ran before anybody gave leave',
    { ...good, request: held, leaveAt: AT + HOUR },
  ],
  [
    'label-mismatch',
    'it is older than its request',
    { ...good, job: { ...job, createdAt: AT - HOUR } },
  ],
  [
    'label-mismatch',
    'its request was made too long before',
    { ...good, job: { ...job, createdAt: AT + 3 * HOUR } },
  ],
  [
    'label-mismatch',
    'its id belongs to another call',
    { ...good, claimed: { ...claimed, call: sampleCallId(2) } },
  ],
  [
    'label-mismatch',
    'its request was answered with another job',
    { ...good, claimed: undefined, end: answeredWith('job_2') },
  ],
  [
    'label-mismatch',
    'the record says that it never ran',
    { ...good, request: named, end: { call, outcome: 'not-run', job: undefined } },
  ],
])('%s: %s', (alert, detail, evidence) => {
  expect(judgeJobs([evidence])).toEqual([
    {
      alert,
      detail,
      call: alert === 'job-without-entry' ? undefined : call,
      job: pick(evidence.job),
      account: job.account,
    },
  ])
})

test('a job that failed after it had cost something ran, whatever the record says', () => {
  const failed = { ...job, errorReason: 'stopped', totalBytesBilled: '10485760' }
  const end = { call, outcome: 'not-run', job: undefined } as const
  expect(judgeJobs([{ ...good, request: named, job: failed, end }])).toMatchObject([
    { detail: 'the record says that it never ran' },
  ])
})

const second = { ...job, jobId: 'job_2', createdAt: AT + 20 * 60_000 }

test('of two jobs with one label the one that was answered to nobody is the odd one', () => {
  const twin = { ...good, job: second, claimed: undefined }
  for (const all of [
    [good, twin],
    [twin, good],
    [{ ...good, claimed: undefined }, twin],
    [twin, { ...good, claimed: undefined }],
  ])
    expect(judgeJobs(all)).toMatchObject([
      {
        alert: 'label-mismatch',
        job: { jobId: 'job_2' },
        detail: 'another job has the same label, and this one was answered to nobody',
      },
    ])
})

test('a repeat of the same call that was answered with a job of its own is as it should be', () => {
  const repeat = { ...good, job: second, claimed: { ...claimed, ...pick(second) } }
  expect(judgeJobs([good, repeat])).toEqual([])
})
