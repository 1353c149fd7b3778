import { LOCATION } from '../catalog/catalog.ts'
import { tableName, type TableReference } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import { BigQueryError } from '../errors.ts'
import { type Column, formatType } from '../types/sql-type.ts'
import type { Row } from '../values/value.ts'
import { storable } from '../values/writable.ts'
import type { SqlContext } from './context.ts'
import type { Create, CreateTable, CreateView } from './create-statement.ts'
import type { Result } from './evaluate-query.ts'
import { resolveReference } from './resolve-path.ts'
import type { Statement } from './statement.ts'

/** What a DDL statement did, in the words of BigQuery's `ddlOperationPerformed`. */
export interface DdlOutcome {
  readonly operation: 'CREATE' | 'REPLACE' | 'SKIP' | 'DROP'
  readonly target: TableReference
}

type DropStatement = Extract<Statement, { kind: 'drop' }>

/** Makes a table, with the rows of `query` when it is a CREATE TABLE … AS. Throws. */
export async function createTable(
  statement: CreateTable,
  context: SqlContext,
  clock: () => number,
  query: () => Promise<Result>,
): Promise<DdlOutcome> {
  if (place(statement, context).operation === 'SKIP') return place(statement, context)
  const { columns, asSelect } = statement
  const rows = asSelect ? rowsOf(columns, await query()) : []
  // Again: the query may have taken its time.
  const outcome = place(statement, context)
  if (outcome.operation !== 'SKIP') {
    context.catalog.put({ kind: 'TABLE', columns, rows, ...made(outcome.target, context, clock) })
  }
  return outcome
}

/** Makes a view. Throws. */
export function createView(
  statement: CreateView,
  context: SqlContext,
  clock: () => number,
): DdlOutcome {
  const outcome = place(statement, context)
  const { columns, sql: query } = statement
  if (outcome.operation !== 'SKIP') {
    context.catalog.put({ kind: 'VIEW', columns, query, ...made(outcome.target, context, clock) })
  }
  return outcome
}

/** Drops a table or view. Throws. */
export function dropRelation(statement: DropStatement, context: SqlContext): DdlOutcome {
  const target = resolveReference(statement.path, context)
  const found = context.catalog.dataset(target, NOWHERE).relations.get(target.tableId)
  if (found === undefined && statement.ifExists) return { operation: 'SKIP', target }
  if (found === undefined) {
    throw new BigQueryError('notFound', `Not found: Table ${tableName(target)}${NOWHERE}`)
  }
  if (found.kind !== statement.object) throw isAlready(found, target)
  context.catalog.remove(target)
  return { operation: 'DROP', target }
}

const NOWHERE = ` was not found in location ${LOCATION}`

/** Where a CREATE puts its relation, and what it does with the one that is there. Throws. */
function place(statement: Create & { kind: string }, context: SqlContext): DdlOutcome {
  const target = resolveReference(statement.path, context)
  if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u.test(target.tableId)) {
    throw new BigQueryError('invalidQuery', `Invalid table ID "${target.tableId}".`)
  }
  const found = context.catalog.dataset(target, NOWHERE).relations.get(target.tableId)
  if (found === undefined) return { operation: 'CREATE', target }
  if (statement.mode === 'CREATE_IF_NOT_EXISTS') return { operation: 'SKIP', target }
  if (statement.mode === 'CREATE_DEFAULT') {
    throw new BigQueryError('duplicate', `Already Exists: Table ${tableName(target)}`)
  }
  const kind = statement.kind === 'create-table' ? 'TABLE' : 'VIEW'
  if (found.kind !== kind) throw isAlready(found, target)
  return { operation: 'REPLACE', target }
}

function made(reference: TableReference, { catalog }: SqlContext, clock: () => number) {
  const now = clock()
  return { reference, version: catalog.nextVersion(), creationTime: now, lastModifiedTime: now }
}

function isAlready({ kind }: Relation, target: TableReference): BigQueryError {
  return new BigQueryError(
    'invalidQuery',
    `${tableName(target)} is not allowed for this operation because it is currently a ${kind}.`,
  )
}

/** The rows of a query as a table of these columns keeps them. Throws if they are of other types. */
function rowsOf(columns: readonly Column[], result: Result): readonly Row[] {
  result.columns.forEach(({ type }, index) => {
    const declared = columns[index]
    if (declared === undefined || formatType(declared.type) === formatType(type)) return
    throw new BigQueryError(
      'invalidQuery',
      `The local BigQuery converts no columns here: cast ${declared.name} to ${formatType(declared.type)} in the query`,
    )
  })
  return result.rows.map((row) => storable(columns, row))
}
