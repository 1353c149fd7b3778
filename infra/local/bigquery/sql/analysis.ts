import { tableKey } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import type { RoutineCall } from '../catalog/routine.ts'
import type { Parameter } from '../engine/engine.ts'
import {
  inherited,
  listOf,
  type Message,
  messageAt,
  rangeOf,
  textOf,
  textsOf,
  walk,
} from '../engine/message.ts'
import type { Entry } from '../engine/simple-catalog.ts'
import { BigQueryError, cannot } from '../errors.ts'
import type { SqlContext } from './context.ts'
import { applyEdits, shiftsOf } from './edits.ts'
import { engineProblem, movedBack } from './engine-problem.ts'
import { resolveRelation } from './resolve-path.ts'
import { calledRoutines, routineEntries } from './routine-calls.ts'
import { standIns } from './stand-ins.ts'

/** A statement that GoogleSQL understood. */
export interface Analysis {
  /** The SQL that was analysed: `standIns` made; the places in `scans` and `tree` are in it. */
  readonly sql: string
  /** The syntax tree of the statement, and its kind. */
  readonly tree: Message
  /** The `AnalyzeResponse`. */
  readonly reply: Message
  /** Every place where it reads or changes a table or view. */
  readonly scans: readonly Scan[]
  /** Whether it names a table at all, also where GoogleSQL puts off reading it. */
  readonly namesTables: boolean
  /** The routines it calls, and those they call. */
  readonly routines: readonly RoutineCall[]
}

/** A table or view where a statement names it. */
export interface Scan {
  readonly relation: Relation
  /** Bytes of `sql`: the path alone, without alias. */
  readonly start: number
  readonly end: number
  readonly hasAlias: boolean
  /** Whether the statement changes it. */
  readonly isTarget: boolean
  /** The columns it reads. */
  readonly columns: readonly string[]
}

/**
 * Parses and resolves one statement. Throws `BigQueryError` in BigQuery's words. With `guess`, types of
 * undeclared parameters are guessed, as a dry run does.
 */
export async function analyzeStatement(
  sql: string,
  context: SqlContext,
  parameters: readonly Parameter[],
  guess = false,
): Promise<Analysis> {
  const { engine } = context
  const first = await parseOne(sql, context).catch((cause: unknown) => {
    throw pipes(sql, engineProblem(cause))
  })
  const edits = standIns(sql, first)
  const said = applyEdits(sql, edits)
  const problem = (cause: unknown): unknown => {
    const found = engineProblem(cause)
    if (!(found instanceof BigQueryError)) return found
    return new BigQueryError(found.reason, movedBack(found.message, shiftsOf(sql, edits)))
  }
  try {
    const tree = edits.length === 0 ? first : await parseOne(said, context)
    const paths = listOf(await engine.tablePaths(said), 'table_name')
    const relations = new Map<string, Relation>()
    const entries: Entry[] = paths.map((each) => {
      const path = textsOf(each, 'table_name_segment')
      const relation = resolveRelation(path, context)
      const fullName = tableKey(relation.reference)
      relations.set(fullName, relation)
      return { path, fullName, columns: relation.columns, version: relation.version }
    })
    const routines = calledRoutines(tree, context)
    const reply = await engine.analyze(
      said,
      [...entries, ...routineEntries(routines, context)],
      parameters,
      guess,
    )
    const namesTables = paths.length > 0
    return { sql: said, tree, reply, scans: scansOf(reply, relations), namesTables, routines }
  } catch (cause) {
    throw problem(cause)
  }
}

/** The syntax tree of the only statement in `sql`. */
async function parseOne(sql: string, { engine }: SqlContext): Promise<Message> {
  const reply = await engine.parse(sql).catch(async (cause: unknown) => {
    // Of a statement, GoogleSQL says better what is wrong with it than of a script.
    await engine.tablePaths(sql)
    throw cause
  })
  const list = listOf(messageAt(reply, 'parsed_script', 'statement_list_node'), 'statement_list')
  const [statement] = list
  if (statement === undefined) {
    throw new BigQueryError('invalidQuery', 'Syntax error: Unexpected end of script')
  }
  if (list.length > 1 || statement['node'] === 'ast_script_statement_node') {
    throw cannot('scripts and multi-statement queries; send one statement')
  }
  return statement
}

function pipes(sql: string, problem: unknown): unknown {
  return sql.includes('|>') && problem instanceof BigQueryError
    ? cannot(`pipe syntax; this may be its fault: ${problem.message}`)
    : problem
}

function scansOf(reply: Message, relations: ReadonlyMap<string, Relation>): readonly Scan[] {
  const scans: Scan[] = []
  walk(reply, (node, field) => {
    const relation = relations.get(textOf(node['table'], 'full_name'))
    if (relation === undefined || !/^(?:resolved_)?table_scan(?:_node)?$/.test(field)) return
    if (node['for_system_time_expr'] !== undefined) throw cannot('FOR SYSTEM_TIME AS OF')
    const range = rangeOf(node)
    if (range === undefined) throw new Error('GoogleSQL did not say where a table is named')
    const columns = inherited(node, 'column_list')
    scans.push({
      ...range,
      relation,
      hasAlias: textOf(node, 'alias') !== '',
      isTarget: field === 'table_scan',
      columns: Array.isArray(columns) ? columns.map((column) => textOf(column, 'name')) : [],
    })
  })
  return scans
}
