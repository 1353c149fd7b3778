import { tableKey } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import type { RoutineCall } from '../catalog/routine.ts'
import type { Parameter } from '../engine/engine.ts'
import { listOf, type Message, textsOf } from '../engine/message.ts'
import type { Entry } from '../engine/simple-catalog.ts'
import { BigQueryError } from '../errors.ts'
import type { SqlContext } from './context.ts'
import { applyEdits, shiftsOf } from './edits.ts'
import { engineProblem, movedBack } from './engine-problem.ts'
import { parseStatement } from './parse-statement.ts'
import { resolveRelation } from './resolve-path.ts'
import { calledRoutines, routineEntries } from './routine-calls.ts'
import { type Scan, scansOf } from './scans.ts'
import { standIns } from './stand-ins.ts'
import { type SystemTime, systemTimes } from './system-times.ts'

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
  /** The tables that it reads as they were. */
  readonly times: readonly SystemTime[]
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
  const { engine, user } = context
  const first = await parseStatement(sql, engine)
  const edits = standIns(sql, first, user)
  const said = applyEdits(sql, edits)
  const problem = (cause: unknown): unknown => {
    const found = engineProblem(cause)
    if (!(found instanceof BigQueryError)) return found
    return new BigQueryError(found.reason, movedBack(found.message, shiftsOf(sql, edits)))
  }
  try {
    const tree = edits.length === 0 ? first : await parseStatement(said, engine)
    const paths = listOf(await engine.tablePaths(said), 'table_name')
    const times = await systemTimes(said, tree, context, parameters)
    const relations = new Map<string, Relation>()
    const entries: Entry[] = paths.map((each) => {
      const path = textsOf(each, 'table_name_segment')
      const present = resolveRelation(path, context)
      const fullName = tableKey(present.reference)
      const past = times.find((time) => tableKey(time.relation.reference) === fullName)
      const relation = past?.relation ?? present
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
    const scans = scansOf(reply, relations, new Set(times.map(({ relation }) => relation)))
    return { sql: said, tree, reply, scans, namesTables, routines, times }
  } catch (cause) {
    throw problem(cause)
  }
}
