import { isMessage } from '../engine/message.ts'
import { type Column, formatType, type SqlType } from '../types/sql-type.ts'
import { encodeScalar } from './encode-scalar.ts'
import { NULL, type Row, type Value } from './value.ts'

/** A JSON row does not fit its table. The message says where and what would fit. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem'
}

/** The row that a line of JSON stands for, as `bq load` reads it. Throws `RowProblem`. */
export function encodeRow(columns: readonly Column[], json: unknown): Row {
  return encodeFields(columns, json, '')
}

function encodeFields(columns: readonly Column[], json: unknown, path: string): Row {
  if (!isMessage(json)) throw new RowProblem(`${path || 'the row'} must be a JSON object`)
  const unknown = Object.keys(json).find((key) => !columns.some(({ name }) => name === key))
  if (unknown !== undefined) {
    throw new RowProblem(
      `no field \`${path}${unknown}\` in the schema; add it there or remove it here`,
    )
  }
  return columns.map((column) => {
    const at = `${path}${column.name}`
    const value = encodeJson(column.type, json[column.name], at, column.fields)
    const isMissing = json[column.name] === undefined || json[column.name] === null
    if (column.required === true && isMissing) {
      throw new RowProblem(`\`${at}\` is REQUIRED and missing`)
    }
    return value
  })
}

function encodeJson(
  type: SqlType,
  json: unknown,
  path: string,
  fields: readonly Column[] | undefined,
): Value {
  if (type.kind === 'ARRAY') {
    if (json === undefined || json === null) return { array_value: {} }
    if (!Array.isArray(json)) throw new RowProblem(`\`${path}\` is REPEATED: write a JSON array`)
    const element = json.map((item: unknown, index) => {
      if (item === null)
        throw new RowProblem(`\`${path}[${index}]\` is null; an array cannot hold it`)
      return encodeJson(type.element, item, `${path}[${index}]`, fields)
    })
    return { array_value: { element } }
  }
  if (json === undefined || json === null) return NULL
  if (type.kind === 'STRUCT') {
    const field = encodeFields(fields ?? type.fields, json, `${path}.`)
    return { struct_value: { field } }
  }
  const text = type.kind === 'JSON' ? JSON.stringify(json) : scalarText(json)
  const value =
    text === undefined || type.kind === 'RANGE' ? undefined : encodeScalar(type.kind, text)
  if (value !== undefined) return value
  throw new RowProblem(`\`${path}\` is no ${formatType(type)}: \`${JSON.stringify(json)}\``)
}

function scalarText(json: unknown): string | undefined {
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean'
    ? String(json)
    : undefined
}
