import type { Column, SqlType } from './sql-type.ts'

/** BigQuery's `TableFieldSchema`, as replies show it. */
export interface FieldSchema {
  readonly name: string
  readonly type: string
  readonly mode: 'NULLABLE' | 'REQUIRED' | 'REPEATED'
  readonly description?: string
  readonly policyTags?: { readonly names: readonly string[] }
  readonly rangeElementType?: { readonly type: string }
  readonly fields?: readonly FieldSchema[]
}

/** BigQuery's `TableSchema` of these columns. */
export function tableSchema(columns: readonly Column[]): {
  readonly fields: readonly FieldSchema[]
} {
  return { fields: columns.map(fieldSchema) }
}

function fieldSchema(column: Column): FieldSchema {
  const repeated = column.type.kind === 'ARRAY'
  const type = column.type.kind === 'ARRAY' ? column.type.element : column.type
  return {
    name: column.name,
    type: legacyName(type),
    mode: repeated ? 'REPEATED' : column.required === true ? 'REQUIRED' : 'NULLABLE',
    ...(column.description !== undefined && { description: column.description }),
    ...(column.policyTags !== undefined && { policyTags: { names: column.policyTags } }),
    ...(type.kind === 'RANGE' && { rangeElementType: { type: legacyName(type.element) } }),
    ...(type.kind === 'STRUCT' && { fields: subfields(column, type.fields).map(fieldSchema) }),
  }
}

// What the schema says of the fields, where there is one, is more than their types say.
function subfields(column: Column, fields: readonly Column[]): readonly Column[] {
  return (
    column.fields ??
    fields.map((field, index) =>
      field.name === '' ? { ...field, name: `_field_${index + 1}` } : field,
    )
  )
}

/** BigQuery's replies keep the names of legacy SQL for some types. */
function legacyName({ kind }: SqlType): string {
  return legacyNames[kind] ?? kind
}

const legacyNames: Readonly<Record<string, string>> = {
  BOOL: 'BOOLEAN',
  FLOAT64: 'FLOAT',
  INT64: 'INTEGER',
  STRUCT: 'RECORD',
}
