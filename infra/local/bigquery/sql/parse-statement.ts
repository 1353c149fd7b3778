import type { Engine } from '../engine/engine.ts'
import { listOf, type Message, messageAt, unwrap } from '../engine/message.ts'
import { BigQueryError, cannot } from '../errors.ts'
import { engineProblem } from './engine-problem.ts'

/** The syntax tree of the only statement in `sql`. Throws `BigQueryError` for anything else. */
export async function parseStatement(sql: string, engine: Engine): Promise<Message> {
  const reply = await engine.parse(sql).catch(async () => {
    // Of a statement, GoogleSQL says better what is wrong with it than of a script.
    await engine.tablePaths(sql).catch((cause: unknown) => {
      throw tooNew(sql, engineProblem(cause))
    })
    throw cannot('scripts and multi-statement queries; send one statement')
  })
  const list = listOf(messageAt(reply, 'parsed_script', 'statement_list_node'), 'statement_list')
  const [statement] = list
  if (statement === undefined) {
    throw new BigQueryError('invalidQuery', 'Syntax error: Unexpected end of script')
  }
  if (list.length > 1 || statement['node'] === 'ast_script_statement_node') {
    throw cannot('scripts and multi-statement queries; send one statement')
  }
  const [kind] = unwrap(statement)
  if (!STATEMENTS.has(kind)) throw cannot(`${statementWords(kind)} statements`)
  return statement
}

/** The kinds of statement that are worth reading further. */
const STATEMENTS = new Set([
  'ast_create_function_statement_node',
  'ast_create_table_function_statement_node',
  'ast_create_table_statement_node',
  'ast_create_view_statement_node',
  'ast_delete_statement_node',
  'ast_drop_statement_node',
  'ast_insert_statement_node',
  'ast_query_statement_node',
  'ast_truncate_statement_node',
  'ast_update_statement_node',
])

/** `ast_alter_table_statement_node` → `ALTER TABLE`. */
function statementWords(kind: string): string {
  return kind
    .replaceAll(/^ast_(?:aux_)?|_statement_node$/g, '')
    .replaceAll('_', ' ')
    .toUpperCase()
}

/** Syntax of BigQuery that this release of GoogleSQL takes for a mistake. */
const NEWER = [
  [/\|>/, 'pipe syntax'],
  [/\bBY\s+NAME\b/i, 'set operations BY NAME'],
  [/\bMATCH_RECOGNIZE\b/i, 'MATCH_RECOGNIZE'],
  [/\bGRAPH(?:_TABLE)?\b/i, 'graph queries'],
] as const

/** The problem with a statement that does not parse: maybe it is only too new. */
function tooNew(sql: string, problem: unknown): unknown {
  const newer = NEWER.find(([pattern]) => pattern.test(sql))
  if (newer === undefined || !(problem instanceof BigQueryError)) return problem
  return cannot(`${newer[1]}, if that is what is meant: ${problem.message}`)
}
