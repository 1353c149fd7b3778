import { createHash } from 'node:crypto'

import { z } from 'zod'

import type { CatalogColumn, CatalogProblem, CatalogTable } from '../analysis/catalog.ts'
import { tableReference } from '../bigquery/reference.ts'
import type { SqlField, SqlType } from '../bigquery/sql-type.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { allKnown } from './all-known.ts'
import { scalarTypes } from './scalar-types.ts'

/** BigQuery's `TableFieldSchema`, as far as a catalog needs it. */
interface FieldSchema {
  readonly name: string
  readonly type: string
  readonly mode?: string | undefined
  readonly fields?: readonly FieldSchema[] | undefined
  readonly policyTags?: { readonly names?: readonly string[] | undefined } | undefined
  readonly rangeElementType?: { readonly type: string } | undefined
}

const fieldSchema: z.ZodType<FieldSchema> = z.lazy(() =>
  z.object({
    name: z.string(),
    type: z.string(),
    mode: z.string().optional(),
    fields: z.array(fieldSchema).optional(),
    policyTags: z.object({ names: z.array(z.string()).optional() }).optional(),
    rangeElementType: z.object({ type: z.string() }).optional(),
  }),
)

const tableResource = z.object({
  tableReference: z.object({ projectId: z.string(), datasetId: z.string(), tableId: z.string() }),
  type: z.string(),
  schema: z.object({ fields: z.array(fieldSchema).optional() }).optional(),
  view: z.object({ query: z.string(), useLegacySql: z.boolean().optional() }).optional(),
  materializedView: z.object({ query: z.string() }).optional(),
  timePartitioning: z.object({ field: z.string().optional(), type: z.string() }).optional(),
})

/** A `Table` resource as a catalog has it. https://cloud.google.com/bigquery/docs/reference/rest/v2/tables */
export function catalogTable(resource: unknown): Result<CatalogTable, CatalogProblem> {
  const parsed = tableResource.safeParse(resource)
  if (!parsed.success) return unknown('a table is described in a way Sluice does not know')
  const { tableReference: ids, type, schema, timePartitioning } = parsed.data
  const reference = tableReference(ids.projectId, ids.datasetId, ids.tableId)
  const columns = allKnown((schema?.fields ?? []).map(catalogColumn))
  if (reference === undefined || columns === undefined)
    return unknown('a table has columns of a type Sluice does not know')
  const { view, materializedView } = parsed.data
  const definition = view ?? materializedView
  return ok({
    reference,
    type,
    // BigQuery's own changes with every row that is added.
    etag: digest([type, columns, definition, timePartitioning]),
    columns,
    pseudoColumns: [
      ...(timePartitioning !== undefined && timePartitioning.field === undefined
        ? ingestionTime(timePartitioning.type)
        : []),
      ...(type === 'EXTERNAL' ? [{ name: '_FILE_NAME', type: { kind: 'STRING' } as const }] : []),
    ],
    view: definition && { query: definition.query, useLegacySql: view?.useLegacySql ?? false },
  })
}

/** `_PARTITIONDATE` is there for daily partitions only. */
function ingestionTime(type: string): readonly SqlField[] {
  return [
    { name: '_PARTITIONTIME', type: { kind: 'TIMESTAMP' } },
    ...(type === 'DAY' ? [{ name: '_PARTITIONDATE', type: { kind: 'DATE' } as const }] : []),
  ]
}

/** A column of a schema; undefined when its type is not known. */
function catalogColumn(field: FieldSchema): CatalogColumn | undefined {
  const fields = allKnown((field.fields ?? []).map(catalogColumn))
  const type = fields && fieldType(field, fields)
  if (fields === undefined || type === undefined) return undefined
  const policyTags = field.policyTags?.names ?? []
  const repeated = field.mode?.toUpperCase() === 'REPEATED'
  return {
    name: field.name,
    type: repeated ? { kind: 'ARRAY', element: type } : type,
    policyTags,
    fields,
  }
}

/** The columns of a schema file, as `bq show --schema` writes it; undefined when it is none. */
export function catalogColumns(schema: unknown): readonly CatalogColumn[] | undefined {
  const parsed = z.array(fieldSchema).safeParse(schema)
  return parsed.success ? allKnown(parsed.data.map(catalogColumn)) : undefined
}

function fieldType(field: FieldSchema, fields: readonly SqlField[]): SqlType | undefined {
  const name = field.type.toUpperCase()
  if (name === 'RECORD' || name === 'STRUCT')
    return { kind: 'STRUCT', fields: fields.map((each) => ({ name: each.name, type: each.type })) }
  if (name === 'RANGE') {
    const element = scalarTypes[field.rangeElementType?.type.toUpperCase() ?? '']
    return element && { kind: 'RANGE', element: { kind: element } }
  }
  const kind = scalarTypes[name]
  return kind && { kind }
}

const unknown = (hint: string) => err({ problem: 'not-understood', hint } as const)

const digest = (parts: unknown): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')
