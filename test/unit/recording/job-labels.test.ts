import { describe, expect, test } from 'vitest'

import type { RequestEntry } from '../../../shared/recording/entry.ts'
import { effectiveDigest, withJobLabels } from '../../../shared/recording/job-labels.ts'
import { sampleCall, sampleDecision, sampleRequest } from '../../support/sample-entries.ts'

const { entry, hash } = sampleRequest()
if (entry.type !== 'request') throw new Error('unreachable')
const request: RequestEntry = entry

const ours = {
  sluice_session: request.session.id,
  sluice_decision: 'analysts-read',
  sluice_entry: expect.stringMatching(/^[a-z2-7]{52}$/),
}

describe('labels', () => {
  test('of a query go beside the SQL, and the client keeps its own', () => {
    const call = sampleCall({ body: { query: 'SELECT 1', labels: { team: 'etl' } } })
    expect(withJobLabels(call, request, hash)).toEqual({
      ...call,
      body: { query: 'SELECT 1', labels: { team: 'etl', ...ours } },
    })
  })

  test('of an inserted job go into its configuration', () => {
    const call = sampleCall({
      method: 'jobs.insert',
      body: { configuration: { query: { query: 'SELECT 1' } }, jobReference: { jobId: 'j' } },
    })
    expect(withJobLabels(call, request, hash).body).toEqual({
      configuration: { query: { query: 'SELECT 1' }, labels: ours },
      jobReference: { jobId: 'j' },
    })
  })

  test('forged by the client are replaced', () => {
    const labels = { sluice_session: 'x', sluice_decision: 'x', sluice_entry: 'x' }
    const call = sampleCall({ body: { query: 'SELECT 1', labels } })
    expect(withJobLabels(call, request, hash).body?.['labels']).toEqual(ours)
  })

  test.each([
    ['jobs.get', undefined],
    ['tabledata.list', undefined],
    ['jobs.cancel', {}],
  ] as const)('%s starts no job and gets none', (method, body) => {
    const call = sampleCall({ method, ...(body === undefined ? { body: {} } : { body }) })
    expect(withJobLabels(call, request, hash)).toEqual(call)
  })

  test.each([
    ['Analysts.Read Only', 'analysts-read-only'],
    ['built-in:own-job', 'built-in-own-job'],
    ['ärzte_1', '-rzte_1'],
    ['x'.repeat(80), 'x'.repeat(63)],
    ['', ''],
  ])('a rule called %j is labelled %j', (rule, label) => {
    const decided = { ...request, decision: { ...sampleDecision, rules: [rule, 'other'] } }
    const { body } = withJobLabels(sampleCall(), decided, hash)
    expect(body?.['labels']).toMatchObject({ sluice_decision: label })
  })
})

describe('effective digest', () => {
  const digest = effectiveDigest(sampleCall())

  test('is the same for the call as it is sent, with labels', () => {
    expect(effectiveDigest(withJobLabels(sampleCall(), request, hash))).toBe(digest)
    const insert = sampleCall({ method: 'jobs.insert', body: { configuration: { query: {} } } })
    expect(effectiveDigest(withJobLabels(insert, request, hash))).toBe(effectiveDigest(insert))
  })

  test('does not depend on the order of members, or on labels that are empty', () => {
    const body = { useLegacySql: false, query: sampleCall().body?.['query'], labels: {} }
    expect(effectiveDigest(sampleCall({ body }))).toBe(digest)
  })

  test.each([
    ['method', { method: 'jobs.insert' }],
    ['path', { path: '/projects/acme/jobs' }],
    ['query', { query: { location: 'EU' } }],
    ['body', { body: { query: 'SELECT 2', useLegacySql: false } }],
    ['label', { body: { ...sampleCall().body, labels: { team: 'etl' } } }],
  ] as const)('differs when the %s does', (_, change) => {
    expect(effectiveDigest(sampleCall(change))).not.toBe(digest)
  })
})
