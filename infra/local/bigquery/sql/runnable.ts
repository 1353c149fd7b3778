import { tableKey, tableName, type TableReference } from '../catalog/reference.ts'
import type { Table, View } from '../catalog/relation.ts'
import type { RoutineCall } from '../catalog/routine.ts'
import { messageAt, type Range, unwrap } from '../engine/message.ts'
import { BigQueryError, cannot } from '../errors.ts'
import { type Analysis, analyzeStatement } from './analysis.ts'
import type { SqlContext } from './context.ts'
import { applyEdits, type Edit } from './edits.ts'

/**
 * SQL in which every table stands under the one name that the engine can hold rows for, and every view
 * is replaced by its query.
 */
export interface Runnable {
  readonly sql: string
  /** The tables that it reads; views and routines taken apart. */
  readonly reads: readonly Read[]
  /** The table that it changes. */
  readonly target?: Table
  readonly routines: readonly RoutineCall[]
}

/** A table and the columns that are read of it. */
export interface Read {
  readonly table: Table
  readonly columns: readonly string[]
}

const DEEPEST_VIEW = 16

/** The runnable form of an analysed statement, or of the part of it in `range`. */
export async function runnable(
  analysis: Analysis,
  context: SqlContext,
  range?: Range,
  depth = 0,
): Promise<Runnable> {
  const [kind] = unwrap(messageAt(analysis.reply, 'resolved_statement'))
  const isInsert = kind === 'resolved_insert_stmt_node'
  const edits: Edit[] = []
  const reads: Read[] = []
  const routines = [...analysis.routines]
  let target: Table | undefined
  for (const { relation, start, end, hasAlias, columns, isTarget } of analysis.scans) {
    const { tableId } = relation.reference
    const alias = ` AS \`${tableId.slice(tableId.lastIndexOf('.') + 1)}\``
    const named = hasAlias || (isTarget && isInsert) ? '' : alias
    if (relation.kind === 'VIEW') {
      if (isTarget) throw notATable(relation)
      // One after the other: they are analysed by one process.
      // oxlint-disable-next-line no-await-in-loop
      const inner = await runnableView(relation, context, depth + 1)
      reads.push(...inner.reads)
      routines.push(...inner.routines)
      // On lines of its own: the query may end with a comment.
      edits.push({ start, end, text: `(\n${inner.sql}\n)${named}` })
    } else {
      if (isTarget) target = relation
      if (!isTarget || !isInsert) reads.push({ table: relation, columns })
      edits.push({ start, end, text: `\`${tableKey(relation.reference)}\`${named}` })
    }
  }
  reads.push(...analysis.routines.flatMap(({ routine }) => whole(routine.tables, context)))
  // The engine gets the rows of the time, and knows of no other.
  edits.push(...analysis.times.map(({ clause }) => ({ ...clause, text: '' })))
  const sql = applyEdits(analysis.sql, edits, range)
  return { sql, reads, routines, ...(target !== undefined && { target }) }
}

const views = new WeakMap<
  View,
  { readonly at: number; readonly user: string; readonly runnable: Runnable }
>()

/** The runnable query of a view, analysed again only after something it may mean has changed. */
async function runnableView(view: View, context: SqlContext, depth: number): Promise<Runnable> {
  if (depth > DEEPEST_VIEW) {
    throw new BigQueryError('invalidQuery', `Exceeded the nesting of views at ${DEEPEST_VIEW}`)
  }
  const at = context.catalog.schemaVersion
  const known = views.get(view)
  const { engine, catalog, informationSchema, user, now } = context
  if (known?.at === at && known.user === user) return known.runnable
  // Names in a view are resolved where the view is, not where it is used.
  const own: SqlContext = {
    engine,
    catalog,
    informationSchema,
    projectId: view.reference.projectId,
    user,
    now,
  }
  const analysis = await analyzeStatement(view.query, own, [])
  if (analysis.times.length > 0) throw cannot('FOR SYSTEM_TIME AS OF in a view')
  const made = await runnable(analysis, own, undefined, depth)
  views.set(view, { at, user, runnable: made })
  return made
}

/** Every column of these tables. */
function whole(references: readonly TableReference[], { catalog }: SqlContext): readonly Read[] {
  return references.flatMap((reference) => {
    const table = catalog.relation(reference)
    if (table.kind === 'VIEW') return []
    return [{ table, columns: table.columns.map(({ name }) => name) }]
  })
}

function notATable({ reference }: View): BigQueryError {
  return new BigQueryError(
    'invalidQuery',
    `DML cannot change ${tableName(reference)}: it is a view.`,
  )
}
