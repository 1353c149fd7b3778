import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { dataFolder, localBigQuery } from '../../support/local-bigquery.ts'

interface Vectors {
  readonly cols: Record<string, Record<string, string>>
  readonly rows: Record<string, readonly object[]>
  readonly queries: readonly { readonly id: string; readonly sql: string }[]
}

const file = join(import.meta.dirname, '../../../../shared/vectors/analysis/engine.json')
const { cols, rows, queries }: Vectors = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { cols: {}, rows: {}, queries: [] }

test.skipIf(queries.length > 0)('the vectors are not here: they are skipped', () => {
  expect(queries).toEqual([])
})

const tables = Object.entries(cols).flatMap(([table, columns]) => {
  const path = table.replaceAll('.', '/')
  const schema = Object.entries(columns).map(([name, type]) => fieldOf(name, type))
  const lines = (rows[table] ?? []).map((row) => JSON.stringify(row)).join('\n')
  return [
    [`${path}.schema.json`, JSON.stringify(schema)],
    [`${path}.ndjson`, lines],
  ]
})
const data = dataFolder({ ...Object.fromEntries(tables), 'acme/none/.keep': '' }, true)
const { query } = await localBigQuery({ data })

test.each(queries)('$id $sql', async ({ sql }) => {
  const { status, body } = await query(sql)
  expect([status, body.error?.message]).toEqual([200, undefined])
  expect(body.rows).toHaveLength(Number(body.totalRows))
})

/** `ARRAY<STRUCT<d DATE, code STRING>>` as a field of a schema file. */
function fieldOf(name: string, type: string): object {
  const [, outer, inner = ''] = /^(ARRAY|STRUCT)<(.*)>$/.exec(type) ?? []
  if (outer === 'ARRAY') return { ...fieldOf(name, inner), mode: 'REPEATED' }
  if (outer === undefined) return { name, type }
  const fields = inner.split(', ').map((part) => {
    const [field = '', fieldType = ''] = part.split(' ')
    return fieldOf(field, fieldType)
  })
  return { name, type: 'RECORD', fields }
}
