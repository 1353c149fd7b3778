import { afterEach, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { type Person, V2, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

const get = (path: string, as: Person) => gateway.request(`${V2}${path}`, { as })

type Item = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The ids in a list. */
async function ids(path: string, as: Person): Promise<readonly (string | undefined)[]> {
  const response = await get(path, as)
  expect(response.status).toBe(200)
  const body = (await response.json()) as Record<string, unknown>
  const [name = '', reference = '', id = ''] = {
    '/projects': ['projects', 'projectReference', 'projectId'],
    '/projects/acme/datasets': ['datasets', 'datasetReference', 'datasetId'],
    '/projects/lab/datasets': ['datasets', 'datasetReference', 'datasetId'],
  }[path] ?? ['tables', 'tableReference', 'tableId']
  return (body[name] as readonly Item[]).map((item) => item[reference]?.[id])
}

const TABLES = '/projects/acme/datasets/hospital/tables'

guarantee('visible-only', async () => {
  for (const [as, projects, datasets, tables] of [
    ['ana', ['acme'], ['hospital'], ['patients', 'claims']],
    ['otto', ['acme'], ['hospital'], ['claims']],
    ['etl', ['acme'], ['hospital'], ['patients', 'claims']],
    ['eve', [], [], undefined],
  ] as const) {
    expect(await ids('/projects', as)).toEqual(projects)
    expect(await ids('/projects/acme/datasets', as)).toEqual(datasets)
    expect(await ids('/projects/lab/datasets', as)).toEqual([])
    if (tables !== undefined) expect(await ids(TABLES, as)).toEqual(tables)
    else expect(await errorOf(await get(TABLES, as))).toMatchObject({ code: 403 })
  }
  // What a list leaves out is not described, counted or read either.
  for (const path of [
    `${TABLES}/secret_notes`,
    `${TABLES}/secret_notes/data`,
    '/projects/acme/datasets/vault',
    '/projects/acme/datasets/vault/tables',
    '/projects/acme/datasets/vault/routines',
    '/projects/acme/datasets/vault/routines/age',
    '/projects/acme/datasets/vault/tables/keys',
    '/projects/lab/serviceAccount',
    '/projects/lab/datasets/bench',
    '/projects/lab/datasets/bench/tables/runs/data',
  ]) {
    const { code, reason } = await errorOf(await get(path, 'ana'))
    expect({ path, code, reason }).toEqual({ path, code: 403, reason: 'accessDenied' })
  }
  const counted = await (await get(TABLES, 'otto')).json()
  expect(counted).toMatchObject({ totalItems: 1 })
})

/** How Ana is refused something, without its name. */
async function words(path: string, name: string): Promise<string> {
  const { code, message } = await errorOf(await get(path.replace('NAME', name), 'ana'))
  return `${code} ${message}`.replaceAll(name, 'NAME').replace(/\(Sluice call .*/, '')
}

test.each(['', '/tables', '/routines', '/routines/age'])(
  'a dataset that is not shown is not told from one that does not exist: datasets/…%s',
  async (below) => {
    const path = `/projects/acme/datasets/NAME${below}`
    expect(await words(path, 'vault')).toBe(await words(path, 'nothing'))
  },
)

test('a table that may not be read is not told from one that does not exist', async () => {
  const path = '/projects/acme/datasets/vault/tables/NAME'
  expect(await words(path, 'keys')).toBe(await words(path, 'nothing'))
  expect(gateway.upstream.requests).toEqual([])
})

test('nothing of a dataset is asked for that may not be seen', async () => {
  await get('/projects/acme/datasets/vault', 'ana')
  // Only which tables there are, to decide.
  expect(gateway.upstream.requests.map(({ path }) => path)).toEqual([
    `${V2}/projects/acme/datasets/vault/tables`,
  ])
  expect(gateway.store.ofType('outcome')).toMatchObject([{ outcome: 'failed' }])
})

test('what stays behind: access lists, other people, other URLs', async () => {
  const dataset = await (await get('/projects/acme/datasets/hospital', 'ana')).json()
  expect(dataset).toEqual({
    kind: 'bigquery#dataset',
    id: 'acme:hospital',
    datasetReference: { projectId: 'acme', datasetId: 'hospital' },
    location: 'US',
  })
  const table = await (await get(`${TABLES}/patients`, 'ana')).json()
  expect(table).toEqual({
    kind: 'bigquery#table',
    id: 'acme:hospital.patients',
    tableReference: { projectId: 'acme', datasetId: 'hospital', tableId: 'patients' },
    type: 'TABLE',
    schema: expect.anything(),
    numRows: '3',
  })
})

test('what a routine does is not shown: no routine may be queried', async () => {
  const path = '/projects/acme/datasets/hospital/routines'
  const routine = {
    routineReference: { projectId: 'acme', datasetId: 'hospital', routineId: 'age' },
    routineType: 'SCALAR_FUNCTION',
    language: 'SQL',
  }
  expect(await (await get(`${path}/age?readMask=definitionBody`, 'ana')).json()).toEqual(routine)
  expect(await (await get(path, 'ana')).json()).toEqual({ routines: [routine] })
})

test('the service account of a project is for those who may query something in it', async () => {
  expect((await get('/projects/acme/serviceAccount', 'otto')).status).toBe(200)
  const before = gateway.upstream.requests.length
  const { code, reason, message } = await errorOf(await get('/projects/acme/serviceAccount', 'eve'))
  expect({ code, reason }).toEqual({ code: 403, reason: 'accessDenied' })
  expect(message).toContain('Project acme: no rule of the policy lets you query it')
  expect(gateway.upstream.requests.slice(before).map(({ path }) => path)).not.toContain(
    `${V2}/projects/acme/serviceAccount`,
  )
})

test.each([
  ['/projects/Nope!', 404],
  ['/projects/acme/datasets/a%20b', 404],
  ['/projects/acme/datasets/hospital/tables/patients%24__PARTITIONS_SUMMARY__', 404],
  ['/projects/acme/datasets/hospital/tables/patients%40-3600', 404],
  ['/projects/acme/datasets/hospital/tables/__TABLES__', 404],
  ['/projects/acme/datasets/hospital/tables/__TABLES__/data', 404],
  ['/projects/acme/datasets/hospital/tables/INFORMATION_SCHEMA.TABLES', 404],
  ['/projects/acme/datasets/hospital/tables/INFORMATION_SCHEMA.TABLES/data', 404],
  ['/projects/acme/datasets/hospital/tables/events_*', 404],
  ['/projects/acme/datasets/hospital/routines/a-b', 404],
  ['/projects/elsewhere/datasets', 403],
  ['/projects/elsewhere/datasets/hospital/tables', 403],
  ['/projects/elsewhere/serviceAccount', 403],
])('%s: %i, and nothing is asked', async (path, status) => {
  expect(await errorOf(await get(path, 'ana'))).toMatchObject({ code: status })
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('refusal')).toMatchObject([{ principal: { subject: 'ana' } }])
})

test('the answers of an outage are not taken for empty lists', async () => {
  gateway.upstream.respond((_request, response) => void response.writeHead(500).end())
  for (const path of [
    '/projects',
    '/projects/acme/serviceAccount',
    '/projects/acme/datasets',
    '/projects/acme/datasets/hospital',
    TABLES,
  ]) {
    const { code, reason } = await errorOf(await get(path, 'ana'))
    expect({ code, reason }).toEqual({ code: 503, reason: 'backendError' })
  }
})

test('lists are remembered for a minute, and per connection; policy is asked each time', async () => {
  await ids('/projects/acme/datasets', 'ana')
  const { length } = gateway.upstream.requests
  expect(await ids('/projects/acme/datasets', 'otto')).toEqual(['hospital'])
  expect(await ids('/projects/acme/datasets', 'eve')).toEqual([])
  expect(gateway.upstream.requests).toHaveLength(length + 2)
})
