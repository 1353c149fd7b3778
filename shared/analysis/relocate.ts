import type { TableReference } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type { NameDefaults } from './analysis.ts'
import { type Edit, editText } from './edit-text.ts'
import { type NamedTable, nameTables } from './name-tables.ts'
import { quoteTable } from './qualify-tables.ts'
import type { SqlEngine } from './sql-engine.ts'
import { readStatement, type Statement } from './statement.ts'
import { type ByteRange, child, type SyntaxNode } from './syntax-tree.ts'

/** Where a statement is moved to. */
export interface Relocation {
  /** Undefined for a table that stays out of reach: then nothing of the statement is moved. */
  readonly to: (table: TableReference) => TableReference | undefined
  /** Epoch milliseconds: every table is read as it was then. */
  readonly asOf: number | undefined
}

export type RelocationProblem =
  /** It names a table or calls a routine that has no place there. */
  | { readonly problem: 'not-mapped' }
  /** It writes, or has a time of its own: it cannot be read as of another. */
  | { readonly problem: 'no-time-travel' }
  /** It is not one statement that analysis understands. */
  | { readonly problem: 'not-understood' }

/**
 * Port. The same statement on other tables. It changes names and nothing else, and only if every table has another name:
 * whoever runs what it returns analyses that anew, and believes only what that says of it.
 */
export type Relocate = (
  canonicalSql: string,
  defaults: NameDefaults,
  relocation: Relocation,
) => Promise<Result<string, RelocationProblem>>

/** `Relocate` by the parse tree of an engine. Rejects when the engine does. */
export async function relocateStatement(
  engine: Pick<SqlEngine, 'parse'>,
  canonicalSql: string,
  defaults: NameDefaults,
  { to, asOf }: Relocation,
): Promise<Result<string, RelocationProblem>> {
  const tree = await engine.parse(canonicalSql)
  const read = tree.ok ? readStatement(tree.value) : undefined
  if (read?.ok !== true) return err({ problem: 'not-understood' })
  const statement = read.value
  // What a routine reads stands in its body, and that names what it likes.
  if (statement.routines.length > 0) return err({ problem: 'not-mapped' })
  const names = nameTables(statement, defaults, true)
  if (!names.ok) return err({ problem: 'not-understood' })
  const { reads, target } = names.value
  const renamed = [...reads, ...(target === undefined ? [] : [target])].map((each) =>
    rename(each, to),
  )
  const edits = renamed.filter((edit) => edit !== undefined)
  if (edits.length < renamed.length) return err({ problem: 'not-mapped' })
  if (asOf === undefined) return ok(editText(canonicalSql, edits))
  const times = target === undefined ? timesOf(statement, reads, asOf) : undefined
  if (times === undefined) return err({ problem: 'no-time-travel' })
  return ok(editText(canonicalSql, [...edits, ...times]))
}

function rename({ path, table, isWildcard }: NamedTable, to: Relocation['to']): Edit | undefined {
  const moved = to(table)
  return moved === undefined || path.range === undefined
    ? undefined
    : { range: path.range, text: quoteTable(moved, isWildcard) }
}

/** `FOR SYSTEM_TIME` behind every table; undefined where there is no place for it, or one is there. */
function timesOf(
  { node }: Statement,
  reads: readonly NamedTable[],
  asOf: number,
): readonly Edit[] | undefined {
  const text = ` FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${asOf})`
  const times: Edit[] = []
  for (const { path } of reads) {
    const from = fromItemOf(node, path.range)
    if (from?.range === undefined || from.children.some(({ role }) => !BEFORE_TIME.has(role)))
      return undefined
    times.push({ range: { start: from.range.end, end: from.range.end }, text })
  }
  return times
}

/** What stands in FROM before `FOR SYSTEM_TIME`. */
const BEFORE_TIME: ReadonlySet<string> = new Set(['path_expr', 'alias'])

/** The table in FROM whose path this is. */
function fromItemOf(node: SyntaxNode, path: ByteRange | undefined): SyntaxNode | undefined {
  if (node.kind === 'ASTTablePathExpression') {
    const own = child(node, 'path_expr')?.range
    if (own !== undefined && own.start === path?.start && own.end === path.end) return node
  }
  for (const { node: inner } of node.children) {
    const found = fromItemOf(inner, path)
    if (found !== undefined) return found
  }
  return undefined
}
