import type { Parameter } from '../engine/engine.ts'
import { listOf } from '../engine/message.ts'
import { isNull, NULL, type Row } from '../values/value.ts'
import { writableResult } from '../values/writable.ts'
import type { SqlContext } from './context.ts'
import { createTable, createView, type DdlOutcome, dropRelation } from './ddl.ts'
import { changeRows, type DmlStats } from './dml.ts'
import { evaluateQuery, type Result } from './evaluate-query.ts'
import type { Plan } from './plan.ts'

/** What a statement did: one of these. */
export interface Outcome {
  readonly result?: Result
  readonly dml?: DmlStats
  readonly ddl?: DdlOutcome
}

/** Runs a planned statement, and makes its changes to the catalog at once and whole. Throws. */
export async function execute(
  plan: Plan,
  context: SqlContext,
  parameters: readonly Parameter[],
  clock: () => number,
): Promise<Outcome> {
  const { statement, runnable } = plan
  const query = (): Promise<Result> => evaluateQuery(runnable, context, parameters)
  switch (statement.kind) {
    case 'query': {
      const { rows } = await query()
      const { columns, isValueTable } = statement
      const shown = isValueTable ? rows.map(expanded) : rows
      return { result: writableResult({ columns, rows: shown }) }
    }
    case 'insert':
    case 'update':
    case 'delete':
    case 'truncate':
      return { dml: await changeRows(plan, context, parameters, clock) }
    case 'create-table':
      return { ddl: await createTable(statement, context, clock, query) }
    case 'create-view':
      return { ddl: createView(statement, context, clock) }
    case 'drop':
      return { ddl: dropRelation(statement, context) }
    case 'create-routine':
      throw new Error('a routine is planned, not run')
  }
}

/** The fields of a row that is one struct, or the row when it is something else. */
function expanded(row: Row): Row {
  const [value = NULL] = row
  if ('struct_value' in value) return listOf(value['struct_value'], 'field')
  return isNull(value) ? [] : row
}
