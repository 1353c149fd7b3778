import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { fileCatalog } from '../../../shared/adapters/files/file-catalog.ts'
import {
  type DatasetReference,
  type TableReference,
  parseDatasetId,
  parseProjectId,
  tableReference,
} from '../../../shared/bigquery/reference.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-catalog-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, content: unknown): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
}

function table(name: string): TableReference {
  const [, project = '', owner = '', id = ''] = /^(.+)\.([^.]+)\.([^.]+)$/.exec(name) ?? []
  const reference = tableReference(project, owner, id)
  if (reference === undefined) throw new Error(name)
  return reference
}

function dataset(project: string, id: string): DatasetReference {
  const [projectId, datasetId] = [parseProjectId(project), parseDatasetId(id)]
  if (projectId === undefined || datasetId === undefined) throw new Error(id)
  return { projectId, datasetId }
}

const etag = async () => {
  const found = await fileCatalog(folder).table(table('acme.hospital.patients'))
  return found.ok ? found.value.etag : ''
}

const SCHEMA = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  {
    name: 'ssn',
    type: 'STRING',
    policyTags: { names: ['projects/p/locations/us/taxonomies/1/policyTags/2'] },
  },
  {
    name: 'visits',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'at', type: 'RANGE', rangeElementType: { type: 'DATE' } },
      { name: 'cost', type: 'FLOAT' },
    ],
  },
]

const COLUMNS = [
  { name: 'id', type: { kind: 'INT64' }, policyTags: [], fields: [] },
  {
    name: 'ssn',
    type: { kind: 'STRING' },
    policyTags: ['projects/p/locations/us/taxonomies/1/policyTags/2'],
    fields: [],
  },
  {
    name: 'visits',
    type: {
      kind: 'ARRAY',
      element: {
        kind: 'STRUCT',
        fields: [
          { name: 'at', type: { kind: 'RANGE', element: { kind: 'DATE' } } },
          { name: 'cost', type: { kind: 'FLOAT64' } },
        ],
      },
    },
    policyTags: [],
    fields: [
      {
        name: 'at',
        type: { kind: 'RANGE', element: { kind: 'DATE' } },
        policyTags: [],
        fields: [],
      },
      { name: 'cost', type: { kind: 'FLOAT64' }, policyTags: [], fields: [] },
    ],
  },
]

describe('a schema', () => {
  test.each([
    'acme.hospital.patients.json',
    'acme.hospital.patients.schema.json',
    'acme/hospital/patients.schema.json',
    'acme/hospital.patients.json',
  ])('in %s', async (name) => {
    write(name, SCHEMA)
    expect(await fileCatalog(folder).table(table('acme.hospital.patients'))).toMatchObject({
      ok: true,
      value: { type: 'TABLE', columns: COLUMNS, pseudoColumns: [], view: undefined },
    })
  })

  test('of a project with dots', async () => {
    write('example.com:acme.hospital.patients.json', SCHEMA)
    const found = await fileCatalog(folder).table(table('example.com:acme.hospital.patients'))
    expect(found.ok).toBe(true)
  })

  test('changes its etag with its text', async () => {
    write('acme.hospital.patients.json', SCHEMA)
    const before = await etag()
    expect(await etag()).toBe(before)
    write('acme.hospital.patients.json', SCHEMA.slice(1))
    expect(await etag()).not.toBe(before)
  })
})

test('a whole table, as `bq show --format=json` writes it', async () => {
  write('acme.hospital.events.json', {
    tableReference: { projectId: 'acme', datasetId: 'hospital', tableId: 'events' },
    type: 'TABLE',
    etag: 'e1',
    schema: { fields: SCHEMA },
    timePartitioning: { type: 'DAY' },
    numRows: '7',
  })
  expect(await fileCatalog(folder).table(table('acme.hospital.events'))).toMatchObject({
    ok: true,
    value: {
      etag: expect.stringMatching(/^[0-9a-f]{64}$/),
      columns: COLUMNS,
      pseudoColumns: [
        { name: '_PARTITIONTIME', type: { kind: 'TIMESTAMP' } },
        { name: '_PARTITIONDATE', type: { kind: 'DATE' } },
      ],
    },
  })
})

test.each(['acme.hospital.v.sql', 'acme/hospital/v.view.sql'])('a view in %s', async (name) => {
  write(name, 'SELECT 1 AS one;\n')
  expect(await fileCatalog(folder).table(table('acme.hospital.v'))).toMatchObject({
    ok: true,
    value: { type: 'VIEW', view: { query: 'SELECT 1 AS one', useLegacySql: false } },
  })
})

test('a routine, as `bq show --routine --format=json` writes it', async () => {
  write('acme.hospital.f.json', {
    routineReference: { projectId: 'acme', datasetId: 'hospital', routineId: 'f' },
    routineType: 'SCALAR_FUNCTION',
    language: 'SQL',
    arguments: [
      { name: 'a', dataType: { typeKind: 'ARRAY', arrayElementType: { typeKind: 'STRING' } } },
      { name: 'b', argumentKind: 'ANY_TYPE' },
    ],
    returnType: { typeKind: 'INT64' },
    definitionBody: 'ARRAY_LENGTH(a)',
  })
  expect(await fileCatalog(folder).routine(dataset('acme', 'hospital'), 'f')).toMatchObject({
    ok: true,
    value: {
      name: 'acme.hospital.f',
      language: 'SQL',
      arguments: [
        { name: 'a', type: { kind: 'ARRAY', element: { kind: 'STRING' } } },
        { name: 'b', type: undefined },
      ],
      returnType: { kind: 'INT64' },
      isRemote: false,
    },
  })
})

test('what is not there, and tables that begin alike', async () => {
  for (const name of ['acme.logs.day_1', 'acme.logs.day_2', 'acme.logs.month', 'acme.other.day_3'])
    write(`${name}.json`, SCHEMA)
  const catalog = fileCatalog(folder)
  expect(await catalog.table(table('acme.logs.day_3'))).toEqual({
    ok: false,
    error: { problem: 'not-in-catalog', what: 'acme.logs.day_3' },
  })
  const logs = dataset('acme', 'logs')
  expect(await catalog.routine(logs, 'f')).toMatchObject({ ok: false })
  const like = await catalog.tablesLike(logs, 'day_')
  expect(like.ok && like.value.map(({ tableId }) => tableId)).toEqual(['day_1', 'day_2'])
})

test('other files are left alone', async () => {
  for (const name of ['README.md', 'acme/hospital/patients.ndjson', '.hidden']) write(name, 'x')
  expect(await fileCatalog(folder).table(table('acme.hospital.patients'))).toMatchObject({
    ok: false,
  })
})

test.each([
  ['acme.hospital.t.json', 'no json', 'not JSON'],
  ['acme.hospital.t.json', '[{"name":"a"}]', 'not a schema'],
  ['acme.hospital.t.json', '[{"name":"a","type":"PURPLE"}]', 'not a schema'],
  ['acme.hospital.t.json', '{"schema":{"fields":[{"name":"a","type":"PURPLE"}]}}', 'of a type'],
  ['ACME.hospital.t.json', '[]', 'not the name'],
])('%s with %s is an error that names it', (name, content, message) => {
  write(name, content)
  expect(() => fileCatalog(folder)).toThrow(message)
  expect(() => fileCatalog(folder)).toThrow(name)
})
