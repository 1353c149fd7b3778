import { describe, expect, test } from 'vitest'

import type { Analysis } from '../../../shared/analysis/analysis.ts'
import { parseJobResource, parseQueryRequest } from '../../../shared/bigquery/query-request.ts'
import { parseProjectId } from '../../../shared/bigquery/reference.ts'
import { callOf, jobOfRun, runOfJob, runOfQuery } from '../../../shared/gateway/query-run.ts'

const projectId = parseProjectId('acme')
if (projectId === undefined) throw new Error('unreachable')

const CALL = 'a'.repeat(26)
const analysis: Analysis = {
  statementType: 'SELECT',
  canonicalSql: 'SELECT\n  1',
  strippedSql: 'SELECT\n  ?',
  fingerprint: 'f',
  tables: [],
  targets: [],
  touched: undefined,
}

function queryRun(more: object = {}) {
  const body = parseQueryRequest({ query: 'select 1', ...more })
  if (!body.ok) throw new Error(body.error)
  return runOfQuery(projectId as NonNullable<typeof projectId>, body.value)
}

function jobRun(more: object = {}, statement: object = {}, configuration: object = {}) {
  const query = { query: 'select 1', ...statement }
  const body = parseJobResource({ configuration: { query, ...configuration }, ...more })
  if (!body.ok) throw new Error(body.error)
  return runOfJob(projectId as NonNullable<typeof projectId>, body.value)
}

function sent(run: ReturnType<typeof queryRun>, limits: Partial<Record<string, number>> = {}) {
  if (!run.ok) throw new Error(run.error)
  const obligations = {
    maximumBytesBilled: undefined,
    jobTimeoutMs: undefined,
    maximumRows: undefined,
    masks: [],
    governed: false,
    ...limits,
  }
  const call = callOf(run.value, analysis, obligations, CALL)
  const body: unknown = JSON.parse(JSON.stringify(call.body))
  return { ...call, body }
}

test('what is sent is the canonical text, in GoogleSQL', () => {
  expect(sent(queryRun())).toMatchObject({
    method: 'jobs.query',
    verb: 'POST',
    path: '/projects/acme/queries',
    query: {},
    body: { query: 'SELECT\n  1', useLegacySql: false, requestId: `sluice-${CALL}`, labels: {} },
  })
  expect(sent(jobRun())).toMatchObject({
    method: 'jobs.insert',
    path: '/projects/acme/jobs',
    body: {
      configuration: { query: { query: 'SELECT\n  1', useLegacySql: false }, labels: {} },
      jobReference: { projectId: 'acme', jobId: `sluice_${CALL}` },
    },
  })
})

test.each([
  [undefined, undefined, undefined],
  ['5', undefined, '5'],
  [undefined, 7, '7'],
  ['5', 7, '5'],
  ['7', 7, '7'],
  ['9', 7, '7'],
  // To BigQuery, 0 is no limit.
  ['0', 7, '7'],
  // Beyond what a double holds exactly.
  ['9223372036854775807', 9_007_199_254_740_991, '9007199254740991'],
  ['9007199254740990', 9_007_199_254_740_991, '9007199254740990'],
])('asked for %s under a limit of %s: %s', (asked, limit, expected) => {
  const limits = limit === undefined ? {} : { maximumBytesBilled: limit, jobTimeoutMs: limit }
  const wanted = asked === undefined ? {} : { maximumBytesBilled: asked, jobTimeoutMs: asked }
  const { body: query } = sent(queryRun(wanted), limits)
  expect(query).toEqual(
    expected === undefined
      ? expect.not.objectContaining({ maximumBytesBilled: expect.anything() })
      : expect.objectContaining({ maximumBytesBilled: expected, jobTimeoutMs: expected }),
  )
  const { maximumBytesBilled, jobTimeoutMs } = wanted as Record<string, string | undefined>
  const { body: job } = sent(jobRun({}, { maximumBytesBilled }, { jobTimeoutMs }), limits)
  if (expected !== undefined)
    expect(job).toMatchObject({
      configuration: { jobTimeoutMs: expected, query: { maximumBytesBilled: expected } },
    })
})

describe('the default dataset', () => {
  test.each([
    [{ datasetId: 'hospital' }, { projectId: 'acme', datasetId: 'hospital' }],
    [
      { projectId: 'lab', datasetId: 'bench' },
      { projectId: 'lab', datasetId: 'bench' },
    ],
  ])('%j', (defaultDataset, expected) => {
    expect(sent(queryRun({ defaultDataset })).body).toMatchObject({ defaultDataset: expected })
    expect(sent(jobRun({}, { defaultDataset })).body).toMatchObject({
      configuration: { query: { defaultDataset: expected } },
    })
  })

  test.each([
    { datasetId: '' },
    { datasetId: 'a.b' },
    { projectId: 'Not One', datasetId: 'x' },
    { projectId: '', datasetId: 'x' },
  ])('not %j', (defaultDataset) => {
    expect(queryRun({ defaultDataset }).ok).toBe(false)
    expect(jobRun({}, { defaultDataset }).ok).toBe(false)
  })
})

test('a job is named by the client, or after its call', () => {
  const mine = jobRun({ jobReference: { jobId: 'mine', location: 'EU' } })
  expect(mine.ok && jobOfRun(mine.value, CALL)).toEqual({
    projectId: 'acme',
    jobId: 'mine',
    location: 'EU',
  })
  const nobodys = jobRun()
  expect(nobodys.ok && jobOfRun(nobodys.value, CALL)).toMatchObject({ jobId: `sluice_${CALL}` })
})

test('a reference to another project is refused', () => {
  expect(jobRun({ jobReference: { projectId: 'lab' } }).ok).toBe(false)
  expect(jobRun({ jobReference: { projectId: 'acme' } }).ok).toBe(true)
})

test('a dry run names nothing', () => {
  expect(sent(queryRun({ dryRun: true, requestId: 'r' })).body).not.toHaveProperty('requestId')
  const { body } = sent(jobRun({ jobReference: { jobId: 'mine' } }, {}, { dryRun: true }))
  expect(body).toMatchObject({ configuration: { dryRun: true } })
  expect(body).not.toHaveProperty('jobReference.jobId')
})
