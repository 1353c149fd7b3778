import { listOf, messageAt } from '../engine/message.ts'
import type { Column, SqlType } from '../types/sql-type.ts'
import { type FormatOptions, formatScalar } from './format-scalar.ts'
import { isNull, type Row, type Value } from './value.ts'

/** A cell as BigQuery's replies nest it. */
export interface Cell {
  readonly v: null | string | FormattedRow | readonly Cell[]
}

/** A row, or a RECORD's value. */
export interface FormattedRow {
  readonly f: readonly Cell[]
}

/** The row as `rows` of a reply shows it. */
export function formatRow(
  columns: readonly Column[],
  row: Row,
  options: FormatOptions,
): FormattedRow {
  return { f: columns.map(({ type }, index) => ({ v: format(type, row[index] ?? {}, options) })) }
}

function format(type: SqlType, value: Value, options: FormatOptions): Cell['v'] {
  // BigQuery does not tell a NULL array from an empty one.
  if (type.kind === 'ARRAY') {
    const elements = listOf(value['array_value'], 'element')
    return elements.map((element) => ({ v: format(type.element, element, options) }))
  }
  if (isNull(value)) return null
  if (type.kind === 'STRUCT') {
    const fields = listOf(value['struct_value'], 'field')
    return formatRow(type.fields, fields, options)
  }
  if (type.kind === 'RANGE') {
    const [start, end] = ['start', 'end'].map((bound) => {
      const at = messageAt(value, 'range_value', bound)
      return isNull(at) ? 'UNBOUNDED' : boundText(type.element, at)
    })
    return `[${start}, ${end})`
  }
  return formatScalar(type.kind, value, options)
}

function boundText({ kind }: SqlType, value: Value): string {
  if (kind === 'ARRAY' || kind === 'RANGE' || kind === 'STRUCT')
    throw new TypeError(`RANGE<${kind}>`)
  return formatScalar(kind, value, { useInt64Timestamp: true })
}
