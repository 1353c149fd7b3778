import { tableKey } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import type { Parameter } from '../engine/engine.ts'
import {
  listOf,
  type Message,
  messageAt,
  type Range,
  rangeOf,
  textOf,
  unwrap,
  walk,
} from '../engine/message.ts'
import { BigQueryError, cannot } from '../errors.ts'
import type { SqlContext } from './context.ts'
import { engineProblem } from './engine-problem.ts'
import { resolveReference } from './resolve-path.ts'

/** A table that is read as it was. */
export interface SystemTime {
  readonly relation: Relation
  /** Bytes of the SQL: `FOR SYSTEM_TIME AS OF …`. */
  readonly clause: Range
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * Every `FOR SYSTEM_TIME AS OF` of a statement, with the table as it was at the time. Throws for a time that is not
 * constant or out of reach, for what is no table, and for one table at two times, which BigQuery does not read either.
 */
export async function systemTimes(
  sql: string,
  tree: Message,
  context: SqlContext,
  parameters: readonly Parameter[],
): Promise<readonly SystemTime[]> {
  const places: { readonly path: readonly string[]; readonly clause: Range; at: string }[] = []
  walk(tree, (node) => {
    const time = messageAt(node, 'for_system_time')
    const clause = rangeOf(time)
    const expression = rangeOf(unwrap(messageAt(time, 'expression'))[1])
    if (node['for_system_time'] === undefined || clause === undefined || expression === undefined)
      return
    const path = listOf(messageAt(node, 'path_expr'), 'names').map((name) =>
      textOf(name, 'id_string'),
    )
    const at = Buffer.from(sql).toString('utf8', expression.start, expression.end)
    places.push({ path, clause, at })
  })
  const times: SystemTime[] = []
  for (const { path, clause, at } of places) {
    // oxlint-disable-next-line no-await-in-loop -- one process evaluates them all
    const instant = await instantOf(at, context, parameters)
    const { catalog, now } = context
    const reference = resolveReference(path, context)
    const present = catalog.find(reference)
    if (present?.kind === 'VIEW') throw cannot('FOR SYSTEM_TIME AS OF of a view')
    // Whoever resolves names says that there is none.
    if (present === undefined) continue
    const relation = catalog.relationAt(reference, instant, now)
    const name = tableKey(relation.reference)
    if (times.some((each) => each.at !== instant && tableKey(each.relation.reference) === name))
      throw atTwoTimes(name)
    times.push({ relation, clause, at: instant })
  }
  return times
}

/** One table is read as it was, and as it was at another time. */
export function atTwoTimes(name: string): BigQueryError {
  return new BigQueryError(
    'invalidQuery',
    `Table ${name} cannot be referenced at more than one point in time`,
  )
}

async function instantOf(
  expression: string,
  { engine }: SqlContext,
  parameters: readonly Parameter[],
): Promise<number> {
  const reply = await engine
    .evaluate('EvaluateQuery', `SELECT CAST((${expression}) AS TIMESTAMP)`, [], parameters)
    .catch((cause: unknown) => {
      throw engineProblem(cause)
    })
  const [row] = listOf(messageAt(reply, 'content', 'table_data'), 'row')
  const { seconds, nanos } = messageAt(listOf(row, 'cell')[0], 'timestamp_value')
  if (seconds === undefined && nanos === undefined)
    throw new BigQueryError('invalidQuery', 'FOR SYSTEM_TIME AS OF expression cannot be NULL')
  return Number(seconds ?? 0) * 1_000 + Math.floor(Number(nanos ?? 0) / 1_000_000)
}
