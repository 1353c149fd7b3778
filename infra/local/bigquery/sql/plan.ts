import { type RoutineReference, tableKey, type TableReference } from '../catalog/reference.ts'
import type { Parameter } from '../engine/engine.ts'
import { messageAt, type Range, rangeOf, unwrap } from '../engine/message.ts'
import { cannot } from '../errors.ts'
import type { Column } from '../types/sql-type.ts'
import { type Analysis, analyzeStatement } from './analysis.ts'
import { bytesProcessed } from './bytes-processed.ts'
import type { SqlContext } from './context.ts'
import { type Runnable, runnable } from './runnable.ts'
import { type Statement, statementOf } from './statement.ts'
import { type UndeclaredParameter, undeclaredParameters } from './undeclared-parameters.ts'

/** A statement that is understood, and can run. */
export interface Plan {
  readonly facts: PlanFacts
  readonly statement: Statement
  /** What to give the engine: of a CREATE, the query in it. */
  readonly runnable: Runnable
}

/** What BigQuery tells of a statement. Light enough to be kept with every job. */
export interface PlanFacts {
  readonly kind: Statement['kind']
  /** BigQuery's name for the kind of statement. */
  readonly statementType: string
  /** The columns of a query's result. */
  readonly columns?: readonly Column[]
  /** The tables it reads, those behind views too, and not the views. */
  readonly referencedTables: readonly TableReference[]
  readonly referencedRoutines: readonly RoutineReference[]
  /** The table that it changes. */
  readonly target?: TableReference
  readonly totalBytesProcessed: number
  /** Of a dry run. */
  readonly undeclaredParameters: readonly UndeclaredParameter[]
}

/** Understands one statement without running it; `dryRun` guesses undeclared parameters. Throws. */
export async function planStatement(
  sql: string,
  context: SqlContext,
  parameters: readonly Parameter[],
  dryRun: boolean,
): Promise<Plan> {
  const analysis = await analyzeStatement(sql, context, parameters, dryRun)
  const statement = statementOf(analysis.reply)
  if (statement.kind === 'create-routine')
    throw cannot('CREATE FUNCTION; put it into the data folder')
  const range = statement.kind === 'create-table' ? queryRange(analysis) : undefined
  const run = await runnable(analysis, context, range)
  const facts: PlanFacts = {
    kind: statement.kind,
    statementType: statementType(statement),
    ...(statement.kind === 'query' && { columns: statement.columns }),
    referencedTables: distinct(
      run.reads
        .map(({ table }) => table.reference)
        .filter(({ tableId }) => !tableId.startsWith('INFORMATION_SCHEMA.')),
    ),
    referencedRoutines: [...new Set(run.routines.map(({ routine }) => routine.reference))],
    ...(run.target !== undefined && { target: run.target.reference }),
    totalBytesProcessed: statement.kind === 'truncate' ? 0 : bytesProcessed(run.reads),
    undeclaredParameters: dryRun ? undeclaredParameters(analysis.reply, parameters) : [],
  }
  return { facts, statement, runnable: run }
}

function statementType(statement: Statement): string {
  switch (statement.kind) {
    case 'query':
      return 'SELECT'
    case 'truncate':
      return 'TRUNCATE_TABLE'
    case 'create-table':
      return statement.asSelect ? 'CREATE_TABLE_AS_SELECT' : 'CREATE_TABLE'
    case 'create-view':
      return 'CREATE_VIEW'
    case 'create-routine':
      return statement.isTableFunction ? 'CREATE_TABLE_FUNCTION' : 'CREATE_FUNCTION'
    case 'drop':
      return `DROP_${statement.object}`
    case 'insert':
    case 'update':
    case 'delete':
      return statement.kind.toUpperCase()
  }
}

/** Where the query of a CREATE TABLE … AS stands. */
function queryRange({ tree }: Analysis): Range | undefined {
  const query = messageAt(unwrap(tree)[1], 'query')
  return rangeOf(query)
}

function distinct(references: readonly TableReference[]): readonly TableReference[] {
  return [...new Map(references.map((each) => [tableKey(each), each])).values()]
}
