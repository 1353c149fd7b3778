import { tableName } from '../catalog/reference.ts'
import type { Table } from '../catalog/relation.ts'
import type { Parameter } from '../engine/engine.ts'
import { listOf, type Message, textOf } from '../engine/message.ts'
import type { Entry } from '../engine/simple-catalog.ts'
import { BigQueryError } from '../errors.ts'
import type { Row } from '../values/value.ts'
import { storable } from '../values/writable.ts'
import type { SqlContext } from './context.ts'
import { engineProblem } from './engine-problem.ts'
import { evaluationEntries, tableEntry } from './evaluation-entries.ts'
import type { Plan } from './plan.ts'

/** How many rows a statement changed. */
export interface DmlStats {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

/** Somebody else changed the table meanwhile; the statement may be planned and run again. */
export class ConcurrentUpdate extends BigQueryError {
  constructor(table: Table) {
    super(
      'invalidQuery',
      `Could not serialize access to table ${tableName(table.reference)} due to concurrent update`,
    )
  }
}

/** Runs an INSERT, UPDATE, DELETE or TRUNCATE. All its changes are made, or none. Throws. */
export async function changeRows(
  plan: Plan,
  context: SqlContext,
  parameters: readonly Parameter[],
  clock: () => number,
): Promise<DmlStats> {
  const { statement, runnable } = plan
  const { target } = runnable
  if (target === undefined) throw new Error('GoogleSQL did not say which table changes')
  if (statement.kind === 'truncate') {
    replaceRows(target, [], context, clock)
    return { inserted: 0, updated: 0, deleted: target.rows.length }
  }
  const isInsert = statement.kind === 'insert'
  const reply = await context.engine
    .evaluate(
      'EvaluateModify',
      runnable.sql,
      isInsert ? insertEntries(plan, context) : changeEntries(plan, context),
      parameters,
    )
    .catch((cause: unknown) => {
      throw engineProblem(cause)
    })
  const changes = listOf(reply, 'content')
  if (isInsert) {
    // Rows only come on top, so it does not matter what others did meanwhile.
    const now = context.catalog.find(target.reference)
    if (now?.kind !== 'TABLE' || now.columns !== target.columns) throw new ConcurrentUpdate(target)
    const added = changes.map((change) => storable(target.columns, listOf(change, 'cell')))
    putRows(now, [...now.rows, ...added], context, clock)
    return { inserted: added.length, updated: 0, deleted: 0 }
  }
  const rows: (Row | undefined)[] = [...target.rows]
  for (const change of changes) rows[rowIndex(change)] = changedRow(target, change)
  const kept = rows.filter((row) => row !== undefined)
  replaceRows(target, kept, context, clock)
  const deleted = target.rows.length - kept.length
  return { inserted: 0, updated: changes.length - deleted, deleted }
}

/** An INSERT needs to see the rows of its table only if it reads them, and no row id. */
function insertEntries({ runnable }: Plan, context: SqlContext): readonly Entry[] {
  const { target } = runnable
  const entries = evaluationEntries(runnable, context)
  if (target === undefined || runnable.reads.some(({ table }) => table === target)) return entries
  return [...entries, tableEntry({ ...target, rows: [], version: -target.version })]
}

function changeEntries({ runnable }: Plan, context: SqlContext): readonly Entry[] {
  const { target } = runnable
  return evaluationEntries(runnable, context).map((entry) =>
    'fullName' in entry && target !== undefined && entry.version === target.version
      ? { ...entry, rowId: true }
      : entry,
  )
}

function rowIndex(change: Message): number {
  return Number(textOf(listOf(change, 'old_primary_key')[0], 'int64_value'))
}

function changedRow({ columns }: Table, change: Message): Row | undefined {
  if (change['operation'] === 'DELETE') return undefined
  return storable(columns, listOf(change, 'cell').slice(0, columns.length))
}

function replaceRows(
  table: Table,
  rows: readonly Row[],
  context: SqlContext,
  clock: () => number,
): void {
  if (context.catalog.find(table.reference) !== table) throw new ConcurrentUpdate(table)
  putRows(table, rows, context, clock)
}

function putRows(
  table: Table,
  rows: readonly Row[],
  { catalog }: SqlContext,
  clock: () => number,
): void {
  catalog.put({ ...table, rows, version: catalog.nextVersion(), lastModifiedTime: clock() })
}
