import { describe, expect, test } from 'vitest'

import {
  otherJobKind,
  parseJobResource,
  parseQueryRequest,
} from '../../../shared/bigquery/query-request.ts'

const MAX_SQL_BYTES = 1024 * 1024

const query = (more: object = {}) => parseQueryRequest({ query: 'SELECT 1', ...more })
const job = (more: object = {}, statement: object = {}) =>
  parseJobResource({ configuration: { query: { query: 'SELECT 1', ...statement }, ...more } })

describe('jobs.query: what clients send is read as they mean it', () => {
  test.each([
    ['nothing more', {}, {}],
    [
      'Node',
      { useLegacySql: false, maxResults: 10, formatOptions: { useInt64Timestamp: true } },
      {
        useLegacySql: false,
        maxResults: 10,
        formatOptions: { useInt64Timestamp: true },
      },
    ],
    [
      'Python’s True and texts',
      { useLegacySql: 'False', maxResults: '10', timeoutMs: '0' },
      {
        useLegacySql: false,
        maxResults: 10,
        timeoutMs: 0,
      },
    ],
    [
      'int64 as number or text',
      { maximumBytesBilled: 10, jobTimeoutMs: '20' },
      {
        maximumBytesBilled: '10',
        jobTimeoutMs: '20',
      },
    ],
    ['null for absent', { location: null, labels: null, queryParameters: null }, {}],
    [
      'Java',
      { jobCreationMode: 'JOB_CREATION_MODE_UNSPECIFIED', requestId: 'a-1' },
      {
        jobCreationMode: 'JOB_CREATION_MODE_UNSPECIFIED',
        requestId: 'a-1',
      },
    ],
    ['a mode in lower case', { parameterMode: 'named' }, { parameterMode: 'NAMED' }],
    [
      'options that are off',
      { createSession: false, connectionProperties: [], continuous: 'false' },
      {
        createSession: false,
        connectionProperties: [],
        continuous: false,
      },
    ],
  ])('%s', (_who, sent, read) => {
    expect(query(sent)).toEqual({ ok: true, value: { query: 'SELECT 1', ...read } })
  })
})

const parameter = (parameterType: object, parameterValue?: object) => ({
  queryParameters: [{ name: 'p', parameterType, ...(parameterValue && { parameterValue }) }],
})

describe('query parameters', () => {
  test.each([
    ['a number as number', { type: 'INT64' }, { value: 7 }, { value: '7' }],
    ['a boolean as boolean', { type: 'BOOL' }, { value: true }, { value: 'true' }],
    ['NULL by absence', { type: 'STRING' }, undefined, {}],
    ['NULL as null', { type: 'STRING' }, { value: null }, {}],
    [
      'an array',
      { type: 'ARRAY', arrayType: { type: 'INT64' } },
      { arrayValues: [{ value: 1 }, { value: '2' }] },
      { arrayValues: [{ value: '1' }, { value: '2' }] },
    ],
    [
      'a struct',
      { type: 'STRUCT', structTypes: [{ name: 'a', type: { type: 'DATE' }, description: 'd' }] },
      { structValues: { a: { value: '2026-01-01' } } },
      { structValues: { a: { value: '2026-01-01' } } },
    ],
    [
      'a range',
      { type: 'RANGE', rangeElementType: { type: 'DATE' } },
      { rangeValue: { start: { value: '2026-01-01' }, end: {} } },
      { rangeValue: { start: { value: '2026-01-01' }, end: {} } },
    ],
  ])('%s', (_what, type, sent, read) => {
    const parsed = query(parameter(type, sent))
    expect(parsed.ok && parsed.value.queryParameters?.[0]?.parameterValue).toEqual(read)
  })

  test('a name like that of a member of every object is only a name', () => {
    const parsed = query(
      parameter({ type: 'STRUCT' }, { structValues: { constructor: { value: 'x' } } }),
    )
    expect(parsed.ok && parsed.value.queryParameters?.[0]?.parameterValue).toEqual({
      structValues: { constructor: { value: 'x' } },
    })
  })

  test.each([
    ['no type', { queryParameters: [{ name: 'p' }] }],
    ['an unknown member', parameter({ type: 'INT64', precision: 1 })],
    ['an unknown value', parameter({ type: 'INT64' }, { values: [] })],
    ['an object as value', parameter({ type: 'JSON' }, { value: {} })],
    ['a list that is none', { queryParameters: {} }],
    ['too many', { queryParameters: Array.from({ length: 10_001 }, () => ({})) }],
  ])('%s is refused', (_what, sent) => {
    expect(query(sent).ok).toBe(false)
  })
})

test('SQL up to BigQuery’s own limit, counted in bytes', () => {
  expect(parseQueryRequest({ query: 'x'.repeat(MAX_SQL_BYTES) }).ok).toBe(true)
  expect(parseQueryRequest({ query: 'x'.repeat(MAX_SQL_BYTES + 1) }).ok).toBe(false)
  expect(parseQueryRequest({ query: 'ä'.repeat(MAX_SQL_BYTES / 2 + 1) }).ok).toBe(false)
})

describe('labels', () => {
  test.each([
    { team: 'blue' },
    { team: '' },
    { team: 'a-b_c-1' },
    { größe: 'übel' },
    { 'mcp-toolbox-tool': 'bigquery-execute-sql' },
    { sluice_session: 'mine' },
    { ['a'.repeat(63)]: 'b'.repeat(63) },
  ])('%j', (labels) => {
    expect(query({ labels })).toMatchObject({ ok: true, value: { labels } })
    expect(job({ labels })).toMatchObject({ ok: true, value: { configuration: { labels } } })
  })

  test.each([
    { '': 'x' },
    { Team: 'x' },
    { '1a': 'x' },
    { team: 'Blue' },
    { team: 'a b' },
    { team: 1 },
    { team: 'a.b' },
    { ['a'.repeat(64)]: 'x' },
    { a: 'b'.repeat(64) },
    { sluice_entry: 'x' },
    { sluice_decision: 'x' },
    { sluice_: 'x' },
  ])('not %j', (labels) => {
    expect(query({ labels }).ok).toBe(false)
    expect(job({ labels }).ok).toBe(false)
  })
})

describe('jobs.insert', () => {
  test.each([
    [{}, {}],
    [{ jobType: 'QUERY', dryRun: true, jobTimeoutMs: 5 }, {}],
    [
      {},
      { priority: 'BATCH', createDisposition: 'CREATE_IF_NEEDED', writeDisposition: 'WRITE_EMPTY' },
    ],
    [{}, { allowLargeResults: false, flattenResults: true, maxResults: 5 }],
  ])('%j %j', (more, statement) => {
    expect(job(more, statement).ok).toBe(true)
  })

  test.each([
    [{}, { priority: 'HIGH' }],
    [{}, { createDisposition: 'CREATE_NEVER' }],
    [{}, { writeDisposition: 'WRITE_APPEND' }],
    [{}, { allowLargeResults: true }],
    [{}, { destinationTable: {} }],
    [{}, { schemaUpdateOptions: [] }],
    [{}, { tableDefinitions: {} }],
    [{}, { userDefinedFunctionResources: [] }],
    [{}, { timePartitioning: {} }],
    [{}, { scriptOptions: {} }],
    [{}, { query: 7 }],
    [{ load: {} }, {}],
    [{ extract: null, reservation: 'r' }, {}],
    [{ maxSlots: 5 }, {}],
  ])('not %j %j', (more, statement) => {
    expect(job(more, statement).ok).toBe(false)
  })

  test('what a client copies from a reply is taken', () => {
    const configuration = { query: { query: 'SELECT 1' } }
    for (const more of [{ kind: 'bigquery#job' }, { id: 'acme:US.j' }])
      expect(parseJobResource({ configuration, ...more }).ok).toBe(true)
    for (const more of [{ status: {} }, { statistics: {} }, { user_email: 'x' }])
      expect(parseJobResource({ configuration, ...more }).ok).toBe(false)
  })
})

test.each([
  [{ configuration: { load: {} } }, 'load'],
  [{ configuration: { extract: {} } }, 'extract'],
  [{ configuration: { copy: {}, dryRun: true } }, 'copy'],
  [{ configuration: { query: {}, load: {} } }, undefined],
  [{ configuration: { query: {} } }, undefined],
  [{ configuration: {} }, undefined],
  [{ configuration: 'load' }, undefined],
  [{ configuration: null }, undefined],
  [{}, undefined],
  ['load', undefined],
  [null, undefined],
])('%j asks for a %s job', (body, kind) => {
  expect(otherJobKind(body)).toBe(kind)
})
