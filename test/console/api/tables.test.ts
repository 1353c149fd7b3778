import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { registeredTags } from '../../../shared/adapters/registers/derived-tags.ts'
import type { Catalog, CatalogTable } from '../../../shared/analysis/catalog.ts'
import { tableReference } from '../../../shared/bigquery/reference.ts'
import { tablesRoutes } from '../../../shared/console/api/tables-routes.ts'
import { tableList, tableView } from '../../../shared/console/views/table-view.ts'
import { err, ok } from '../../../shared/kernel/result.ts'
import { aCallDocument } from '../../support/a-call-document.ts'
import { auditPartWorld } from '../../support/audit-part-world.ts'
import { memoryRegisters } from '../../support/memory-registers.ts'
import { ISSUER, POLICY } from '../../support/people.ts'

const POLICY_TAG = 'projects/acme/locations/us/taxonomies/1/policyTags/2'

const GOVERNED = `roles:
  auditors: auditor
  analysts: requester
data:
  - { tables: 'acme.*.patients', columns: [ssn], tags: [phi], mask: LAST_FOUR_CHARACTERS }
  - { tables: 'acme.*', columns: ['*name*'], tags: [pii] }
policyTags:
  ${POLICY_TAG}: { tags: [dob], mask: DATE_YEAR_MASK }
rules:`

const reference = (() => {
  const found = tableReference('acme', 'hospital', 'patients')
  if (found === undefined) throw new Error('no table')
  return found
})()

const column = (name: string, policyTags: readonly string[] = []) =>
  ({ name, type: { kind: 'STRING' }, policyTags, fields: [] }) as const

const patients: CatalogTable = {
  reference,
  type: 'TABLE',
  etag: 'a',
  columns: [
    column('id'),
    column('ssn'),
    column('born', [POLICY_TAG]),
    column('note'),
    {
      name: 'contact',
      type: { kind: 'ARRAY', element: { kind: 'STRUCT', fields: [] } },
      policyTags: [],
      fields: [column('full_name')],
    },
  ],
  pseudoColumns: [],
  view: undefined,
}

const answers = { table: async (): ReturnType<Catalog['table']> => ok(patients) }

const open = () =>
  auditPartWorld(
    () => ({
      derivedTags: registeredTags(memoryRegisters()),
      catalog: (): Catalog => ({
        table: () => answers.table(),
        routine: () => Promise.reject(new Error('not asked')),
        tablesLike: () => Promise.reject(new Error('not asked')),
      }),
    }),
    tablesRoutes,
    { policy: POLICY.replace('rules:', GOVERNED) },
  )

let world: ReturnType<typeof open>
beforeEach(() => {
  world = open()
  answers.table = async () => ok(patients)
})
afterEach(() => world.store.close())

const TABLE = 'acme.hospital.patients'

const get = async (query = '') => {
  const reply = await world.send(`/tables/${TABLE}${query}`, { as: 'otto' })
  expect(reply.status).toBe(200)
  return tableView.parse(await reply.json())
}

describe('tables', () => {
  test('are listed by how many calls asked about them, with how much of them is governed', async () => {
    const columns = [`${TABLE}.ssn`, `${TABLE}.id`]
    await world.put([
      aCallDocument('ana', { columns }),
      aCallDocument('bob', { columns, decision: 'deny', outcome: undefined }),
      aCallDocument('ana', { tables: ['acme.lab.results'], columns: ['acme.lab.results.x'] }),
    ])
    const reply = await world.send('/tables', { as: 'otto' })
    const { tables, counted } = tableList.parse(await reply.json())
    expect(tables).toMatchObject([
      { table: TABLE, calls: 2, principals: 2, governedColumns: 1 },
      { table: 'acme.lab.results', calls: 1, principals: 1, governedColumns: 0 },
    ])
    expect(counted).toEqual({ calls: 3, isAll: true })
    expect(await world.recorded()).toEqual(['tables.list'])
  })
})

describe('a table', () => {
  test('says what the policy in force puts on each column, and from where', async () => {
    const note = { column: `${TABLE}.note`, sources: [`${TABLE}.ssn`], isCopy: false }
    await world.ports.derivedTags.add([note])
    const { columns } = await get()
    expect(columns).toMatchObject([
      { column: `${TABLE}.id`, type: 'STRING', tags: [] },
      {
        column: `${TABLE}.ssn`,
        mask: 'LAST_FOUR_CHARACTERS',
        tags: [{ tag: 'phi', from: 'policy, entry 1 of `data`' }],
      },
      {
        column: `${TABLE}.born`,
        mask: 'DATE_YEAR_MASK',
        tags: [{ tag: 'dob', from: `BigQuery policy tag \`${POLICY_TAG}\`` }],
      },
      {
        column: `${TABLE}.note`,
        mask: 'DEFAULT_MASKING_VALUE',
        tags: [{ tag: 'phi', from: `computed from \`${TABLE}.ssn\`` }],
      },
      { column: `${TABLE}.contact`, type: 'ARRAY<STRUCT>', tags: [] },
      {
        column: `${TABLE}.contact.full_name`,
        tags: [{ tag: 'pii', from: 'policy, entry 2 of `data`' }],
      },
    ])
    expect(columns?.[0]?.mask).toBeUndefined()
    expect(columns?.[5]?.mask).toBeUndefined()
  })

  test('says who touched it, through what, and who approved it', async () => {
    const approvers = [{ key: `${ISSUER} petra`, name: 'petra@acme.example' }]
    await world.put([
      aCallDocument('ana', { approvers }),
      aCallDocument('ana'),
      aCallDocument('bob'),
      aCallDocument('bob', { tables: ['acme.lab.results'] }),
      // Its token is the same, its table is not.
      aCallDocument('eve', { tables: [`example.com:x.${TABLE}`] }),
    ])
    const { principals, calls, counted } = await get()
    expect(principals).toMatchObject([
      { label: 'ana@acme.example', calls: 2, clients: ['bq'], approvers: ['petra@acme.example'] },
      { label: 'bob@acme.example', calls: 1, approvers: [] },
    ])
    expect(calls).toHaveLength(3)
    expect(counted).toEqual({ calls: 3, isAll: true })
    expect(await world.recorded()).toEqual(['tables.get'])
  })

  test('a column was read by what left, not by what was denied or never ran', async () => {
    const columns = [`${TABLE}.ssn`]
    await world.put([
      aCallDocument('ana', { columns, filterColumns: columns }),
      aCallDocument('ana', { columns, decision: 'deny', outcome: undefined }),
      aCallDocument('ana', { columns, dryRun: true }),
      aCallDocument('ana', { columns, outcome: 'not-run' }),
    ])
    const { columns: seen } = await get()
    expect(seen?.[1]).toMatchObject({ column: `${TABLE}.ssn`, read: 1, filteredOn: 1 })
    expect(seen?.[0]).toMatchObject({ read: 0, filteredOn: 0 })
    expect(seen?.[0]?.lastReadAt).toBeUndefined()
  })

  test('has no columns where BigQuery has no such table, or cannot be asked', async () => {
    await world.put([aCallDocument('ana')])
    answers.table = async () => err({ problem: 'not-in-catalog', what: 'it' })
    expect(await get()).toMatchObject({ table: TABLE, counted: { calls: 1 } })
    answers.table = () => Promise.reject(new Error('BigQuery is down'))
    const view = await get()
    expect(view.columns).toBeUndefined()
    expect(view.principals).toHaveLength(1)
    expect(world.failures).toHaveLength(1)
  })

  test.each(['patients', 'acme.hospital', 'acme.hospital.a`b', 'acme.hospital.patients$20260101'])(
    'a name that is none is refused: %s',
    async (name) => {
      const reply = await world.send(`/tables/${encodeURIComponent(name)}`, { as: 'otto' })
      expect(reply.status).toBe(400)
      expect(await world.recorded()).toEqual(['malformed'])
    },
  )
})

test.each(['/tables', `/tables/${TABLE}`])('%s is for auditors alone', async (path) => {
  const asked: string[] = []
  answers.table = async () => {
    asked.push('table')
    return ok(patients)
  }
  for (const as of ['ana', 'carla', 'eve'] as const)
    // oxlint-disable-next-line no-await-in-loop -- in the order of the record
    expect((await world.send(path, { as })).status).toBe(403)
  const claims = { act: { sub: 'agent' } }
  expect((await world.send(path, { as: 'otto', claims })).status).toBe(403)
  expect((await world.send(path)).status).toBe(401)
  expect(asked).toEqual([])
  expect(await world.recorded()).toEqual([...Array(4).fill('no-auditor'), 'token-missing'])
})
