import { listOf, textOf } from '../engine/message.ts'
import type { SqlType } from '../types/sql-type.ts'
import { isNull, type Value } from './value.ts'

/**
 * The bytes BigQuery counts for a value: fixed sizes, two more than its UTF-8 for a STRING, nothing for
 * NULL. https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes
 */
export function logicalSize(type: SqlType, value: Value): number {
  if (isNull(value)) return 0
  switch (type.kind) {
    case 'ARRAY':
      return sum(
        listOf(value['array_value'], 'element').map((each) => logicalSize(type.element, each)),
      )
    case 'STRUCT': {
      const fields = listOf(value['struct_value'], 'field')
      return sum(type.fields.map((field, index) => logicalSize(field.type, fields[index] ?? {})))
    }
    case 'BIGNUMERIC':
      return 32
    case 'BOOL':
      return 1
    case 'BYTES': {
      const bytes = value['bytes_value']
      return 2 + (bytes instanceof Uint8Array ? bytes.length : 0)
    }
    case 'INTERVAL':
    case 'NUMERIC':
    case 'RANGE':
      return 16
    case 'JSON':
      return Buffer.byteLength(textOf(value, 'json_value'))
    case 'STRING':
      return 2 + Buffer.byteLength(textOf(value, 'string_value'))
    default:
      return 8
  }
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}
