import { existsSync, readFileSync } from 'node:fs'

import type { Column } from '../types/sql-type.ts'
import { encodeRow, RowProblem } from '../values/encode-json.ts'
import type { Row } from '../values/value.ts'
import { DataProblem } from './data-problem.ts'

/** The rows in a file of newline-delimited JSON, as `bq load` takes it; none without a file. Throws `DataProblem`. */
export function readRows(file: string, columns: readonly Column[]): readonly Row[] {
  if (!existsSync(file)) return []
  const rows: Row[] = []
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue
    rows.push(readRow(file, index + 1, line, columns))
  }
  return rows
}

function readRow(file: string, line: number, text: string, columns: readonly Column[]): Row {
  try {
    return encodeRow(columns, JSON.parse(text))
  } catch (cause) {
    if (cause instanceof RowProblem) throw new DataProblem(file, line, cause.message)
    throw new DataProblem(file, line, `not JSON, write one object on a line: ${String(cause)}`)
  }
}
