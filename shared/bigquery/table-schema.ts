import type { Json } from './call.ts'
import { type JsonObject, isList, isObject } from './json.ts'
import type { ScalarType, SqlField, SqlType } from './sql-type.ts'

/** BigQuery's names of types in a `TableFieldSchema`, the older ones too. */
const TYPES: Readonly<Record<string, ScalarType>> = {
  BIGNUMERIC: 'BIGNUMERIC',
  BOOL: 'BOOL',
  BOOLEAN: 'BOOL',
  BYTES: 'BYTES',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  FLOAT: 'FLOAT64',
  FLOAT64: 'FLOAT64',
  GEOGRAPHY: 'GEOGRAPHY',
  INT64: 'INT64',
  INTEGER: 'INT64',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  NUMERIC: 'NUMERIC',
  STRING: 'STRING',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
}

/**
 * The columns of a `TableSchema`; undefined when it is none, or has a type Sluice does not know.
 * https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableSchema
 */
export function fieldsOfSchema(schema: Json | JsonObject): readonly SqlField[] | undefined {
  if (!isObject(schema)) return undefined
  const list = schema['fields'] ?? []
  if (!isList(list)) return undefined
  const fields = list.flatMap((each): SqlField[] => {
    const field = fieldOf(each)
    return field === undefined ? [] : [field]
  })
  return fields.length === list.length ? fields : undefined
}

function fieldOf(field: Json): SqlField | undefined {
  if (!isObject(field) || typeof field['name'] !== 'string') return undefined
  const type = typeOf(field)
  if (type === undefined) return undefined
  const repeated = field['mode'] === 'REPEATED'
  return { name: field['name'], type: repeated ? { kind: 'ARRAY', element: type } : type }
}

function typeOf(field: JsonObject): SqlType | undefined {
  const { type } = field
  if (type === 'RECORD' || type === 'STRUCT') {
    const fields = fieldsOfSchema(field)
    return fields && { kind: 'STRUCT', fields }
  }
  if (type === 'RANGE') {
    const inner = field['rangeElementType']
    const element = inner !== undefined && isObject(inner) ? typeOf(inner) : undefined
    return element && { kind: 'RANGE', element }
  }
  const kind = typeof type === 'string' ? TYPES[type] : undefined
  return kind && { kind }
}

/** Whether two lists of columns have the same names, but for case, and the same types. */
export function sameFields(a: readonly SqlField[], b: readonly SqlField[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, type }, i) => {
      const other = b[i]
      return other !== undefined && sameName(name, other.name) && sameType(type, other.type)
    })
  )
}

/** BigQuery calls a field of a STRUCT without a name `_field_1`. */
function sameName(a: string, b: string): boolean {
  if (a === '') return b === '' || /^_field_\d+$/.test(b)
  return a.toLowerCase() === b.toLowerCase()
}

function sameType(a: SqlType, b: SqlType): boolean {
  if (a.kind === 'STRUCT') return b.kind === 'STRUCT' && sameFields(a.fields, b.fields)
  if (a.kind === 'ARRAY' || a.kind === 'RANGE')
    return b.kind === a.kind && sameType(a.element, b.element)
  return a.kind === b.kind
}
