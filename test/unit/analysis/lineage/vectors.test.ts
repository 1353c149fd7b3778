import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { descriptorFile } from '../../../../shared/adapters/googlesql/package-files.ts'
import { loadProtocol } from '../../../../shared/adapters/googlesql/protocol.ts'
import { googleSqlResolver } from '../../../../shared/adapters/googlesql/resolver.ts'
import { superviseGoogleSql } from '../../../../shared/adapters/googlesql/supervised.ts'
import type { FlowTree } from '../../../../shared/analysis/lineage.ts'
import { traceWith } from '../../../../shared/analysis/trace-statement.ts'
import { relationsOf } from '../../../support/lineage-relations.ts'

const file = join(import.meta.dirname, '../../../../../shared/vectors/analysis/lineage.json')
const texts = z.record(z.string(), z.array(z.string()))
const vectors = existsSync(file)
  ? z
      .object({
        schema: z.record(z.string(), z.record(z.string(), z.string())),
        queries: z.array(
          z.object({
            id: z.string(),
            category: z.string(),
            sql: z.string(),
            expected: z.object({
              out: z.union([texts, z.literal('REJECT')]),
              may: texts,
              filter: z.array(z.string()),
            }),
          }),
        ),
      })
      .parse(JSON.parse(readFileSync(file, 'utf8')))
  : { schema: {}, queries: [] }

const server = superviseGoogleSql()
afterAll(() => server.close())
const trace = traceWith(googleSqlResolver(server, () => loadProtocol(descriptorFile), {}))

/** `patients.ssn`: the table and the column, without the fields in it. */
const short = (column: string) => column.split('.').slice(2, 4).join('.').toLowerCase()

const sourcesOf = (tree: FlowTree): string[] => [
  ...[...tree.sources.keys()].map(short),
  ...(tree.fields ?? []).flatMap(sourcesOf),
  ...(tree.element === undefined ? [] : sourcesOf(tree.element)),
]

describe.skipIf(vectors.queries.length === 0)('lineage vectors', () => {
  test.each(vectors.queries)('$id $sql', async ({ sql, category, expected }) => {
    const traced = await trace({
      sql,
      relations: relationsOf(vectors.schema),
      functions: [],
      parameters: {
        mode: 'named',
        types: new Map([
          ['p', { kind: 'INT64' }],
          ['id', { kind: 'INT64' }],
        ]),
      },
    })
    if (expected.out === 'REJECT' || category === 'script') {
      expect(traced.ok).toBe(false)
      return
    }
    if (!traced.ok) throw new Error(JSON.stringify(traced.error))
    const { uses } = traced.value
    // The vectors name the fields of a STRUCT one by one, if they tell them apart.
    const apart = Object.keys(expected.out).some((name) => name.includes('.'))
    const outputs = traced.value.outputs.flatMap(({ name, type, flow }) =>
      apart && type.kind === 'STRUCT'
        ? type.fields.map((field, i) => ({
            name: `${name}.${field.name}`,
            flow: flow.fields?.[i] ?? flow,
          }))
        : [{ name, flow }],
    )
    expect(outputs.map(({ name }) => name.toLowerCase())).toEqual(Object.keys(expected.out))
    for (const { name, flow } of outputs) {
      const found = new Set(sourcesOf(flow))
      const must = expected.out[name.toLowerCase()] ?? []
      const may = new Set([
        ...must,
        ...(expected.may[name.toLowerCase()] ?? []),
        ...expected.filter,
      ])
      expect(
        [...must].filter((column) => !found.has(column)),
        `${name} misses`,
      ).toEqual([])
      expect(
        [...found].filter((column) => !may.has(column)),
        `${name} has too many`,
      ).toEqual([])
    }
    const used = new Set(uses.map(({ column }) => short(column)))
    expect(
      expected.filter.filter((column) => !used.has(column)),
      'uses miss',
    ).toEqual([])
  })
})
