import type { Parameter } from '../engine/engine.ts'
import { listOf, messageAt, textOf } from '../engine/message.ts'
import type { Column } from '../types/sql-type.ts'
import { typeOfProto } from '../types/type-proto.ts'
import type { Row } from '../values/value.ts'
import type { SqlContext } from './context.ts'
import { engineProblem } from './engine-problem.ts'
import { evaluationEntries } from './evaluation-entries.ts'
import type { Runnable } from './runnable.ts'

/** What a query gives. */
export interface Result {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** Runs a query; the columns have the engine's names. Throws `BigQueryError`. */
export async function evaluateQuery(
  run: Runnable,
  context: SqlContext,
  parameters: readonly Parameter[],
): Promise<Result> {
  const entries = evaluationEntries(run, context)
  const reply = await context.engine
    .evaluate('EvaluateQuery', run.sql, entries, parameters)
    .catch((cause: unknown) => {
      throw engineProblem(cause)
    })
  const columns = listOf(reply['prepared'], 'columns').map((column) => ({
    name: textOf(column, 'name'),
    type: typeOfProto(messageAt(column, 'type')),
  }))
  const rows = listOf(messageAt(reply, 'content', 'table_data'), 'row')
  return { columns, rows: rows.map((row) => listOf(row, 'cell')) }
}
