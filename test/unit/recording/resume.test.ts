import { describe, expect, test } from 'vitest'

import { parseProjectId } from '../../../shared/bigquery/reference.ts'
import { about, resume } from '../../../shared/recording/resume.ts'
import { recordedPermit } from '../../support/recorded-permit.ts'
import { sampleCall, sampleJob } from '../../support/sample-entries.ts'

const get = (method: string, path: string, verb: 'GET' | 'POST' = 'GET') => {
  const { body: _, ...call } = sampleCall()
  return { ...call, method: method as typeof call.method, verb, path }
}
const elsewhere = parseProjectId('elsewhere')

describe('a call about an own job', () => {
  const job = sampleJob()

  test.each([
    get('jobs.get', '/projects/acme/jobs/job_1'),
    get('jobs.getQueryResults', '/projects/acme/queries/job_1'),
    get('jobs.cancel', '/projects/acme/jobs/job_1/cancel', 'POST'),
    get('tabledata.list', '/projects/acme/datasets/_a/tables/anon1/data'),
    get('tables.get', '/projects/acme/datasets/_a/tables/anon1'),
  ])('$method is bound to the entry the job runs under', (call) => {
    expect(resume(job, call)).toEqual({
      call,
      effect: 'permit',
      connection: 'main',
      callId: job.call,
      request: job.request,
      effectiveDigest: job.effectiveDigest,
      repeated: true,
      recordedAt: expect.any(Number),
      release: job.release,
    })
  })

  test.each([
    get('jobs.get', '/projects/acme/jobs/job_2'),
    get('jobs.get', '/projects/acme/jobs/job_11'),
    get('jobs.query', '/projects/acme/queries', 'POST'),
    get('jobs.insert', '/projects/acme/jobs', 'POST'),
    get('tables.list', '/projects/acme/datasets/_a/tables'),
    {
      ...get('jobs.get', '/projects/elsewhere/jobs/job_1'),
      projectId: elsewhere ?? get('', '').projectId,
    },
  ])('$method $path is not one', (call) => {
    expect(() => resume(job, call)).toThrow('not a call about this job')
  })
})

describe('a call on the way to an answer', () => {
  const recorded = recordedPermit()

  test.each([
    get('jobs.getQueryResults', '/projects/acme/queries/job_1'),
    get('jobs.get', '/projects/acme/jobs/job_1'),
    get('tables.list', '/projects/acme/datasets/hospital/tables'),
    get('tables.get', '/projects/acme/datasets/hospital/tables/patients'),
  ])('$method stays bound to the same entry', (call) => {
    expect(about(recorded, call)).toEqual({ ...recorded, call })
  })

  test.each([
    get('tabledata.list', '/projects/acme/datasets/hospital/tables/patients/data'),
    get('jobs.query', '/projects/acme/queries', 'POST'),
    get('jobs.cancel', '/projects/acme/jobs/job_1/cancel', 'POST'),
    get('jobs.get', '/projects/acme/jobs/job_1', 'POST'),
    {
      ...get('jobs.get', '/projects/elsewhere/jobs/job_1'),
      projectId: elsewhere ?? get('', '').projectId,
    },
  ])('$method $verb is none: it reads or changes data, or another project', (call) => {
    expect(() => about(recorded, call)).toThrow('not a call on the way')
  })
})
