import { listOf, textOf } from '../engine/message.ts'
import type { SqlType } from '../types/sql-type.ts'
import { isNull, type Value } from './value.ts'

/**
 * The bytes BigQuery counts for a value: fixed sizes, two more than its UTF-8 for a STRING, nothing for
 * NULL. https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes
 */
export function logicalSize(type: SqlType, value: Value): number {
  if (isNull(value)) return 0
  if (type.kind === 'ARRAY') {
    const elements = listOf(value['array_value'], 'element')
    return sum(elements.map((element) => logicalSize(type.element, element)))
  }
  if (type.kind === 'STRUCT') {
    const fields = listOf(value['struct_value'], 'field')
    return sum(type.fields.map((field, index) => logicalSize(field.type, fields[index] ?? {})))
  }
  if (type.kind === 'STRING') return 2 + Buffer.byteLength(textOf(value, 'string_value'))
  if (type.kind === 'JSON') return Buffer.byteLength(textOf(value, 'json_value'))
  if (type.kind === 'BYTES') {
    const bytes = value['bytes_value']
    return 2 + (bytes instanceof Uint8Array ? bytes.length : 0)
  }
  return fixedSizes[type.kind] ?? 8
}

const fixedSizes: Readonly<Record<string, number>> = {
  BIGNUMERIC: 32,
  BOOL: 1,
  INTERVAL: 16,
  NUMERIC: 16,
  RANGE: 16,
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}
