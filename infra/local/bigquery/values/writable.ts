import { listOf } from '../engine/message.ts'
import { BigQueryError } from '../errors.ts'
import type { Column, SqlType } from '../types/sql-type.ts'
import { isNull, type Row, type Value } from './value.ts'

interface Result {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

const EMPTY_ARRAY: Value = { array_value: {} }

/** A query's result, if BigQuery could write it to a table: it does not take NULL in an array. Throws. */
export function writableResult(result: Result): Result {
  for (const [index, { name, type }] of result.columns.entries()) {
    if (!holdsArray(type)) continue
    for (const row of result.rows) refuseNullElements(type, row[index] ?? {}, name)
  }
  return result
}

/** A row as a table keeps it: no NULL arrays, and nothing missing where it is required. Throws. */
export function storable(columns: readonly Column[], row: Row): Row {
  return columns.map(({ name, type, required }, index) => {
    const value = row[index] ?? {}
    if (type.kind === 'ARRAY' && isNull(value)) return EMPTY_ARRAY
    if (required === true && isNull(value)) {
      throw new BigQueryError('invalidQuery', `Required field ${name} cannot be null`)
    }
    if (holdsArray(type)) refuseNullElements(type, value, name)
    return value
  })
}

function refuseNullElements(type: SqlType, value: Value, name: string): void {
  if (type.kind === 'STRUCT') {
    const fields = listOf(value['struct_value'], 'field')
    type.fields.forEach((field, index) =>
      refuseNullElements(field.type, fields[index] ?? {}, `${name}.${field.name}`),
    )
  }
  if (type.kind !== 'ARRAY') return
  for (const element of listOf(value['array_value'], 'element')) {
    if (isNull(element)) {
      throw new BigQueryError(
        'invalidQuery',
        `Array cannot have a null element; error in writing field ${name}`,
      )
    }
    refuseNullElements(type.element, element, name)
  }
}

function holdsArray(type: SqlType): boolean {
  if (type.kind === 'ARRAY') return true
  return type.kind === 'STRUCT' && type.fields.some((field) => holdsArray(field.type))
}
