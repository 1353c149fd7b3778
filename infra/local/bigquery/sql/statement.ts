import { type Message, messageAt, textOf, textsOf, unwrap } from '../engine/message.ts'
import { cannot } from '../errors.ts'
import type { Column } from '../types/sql-type.ts'
import { createTable, type CreateTable, createView, type CreateView } from './create-statement.ts'
import { resultColumns } from './result-columns.ts'

/** What a statement does, read from GoogleSQL's resolved syntax tree. */
export type Statement =
  | { readonly kind: 'query'; readonly columns: readonly Column[]; readonly isValueTable: boolean }
  | { readonly kind: 'insert' | 'update' | 'delete' | 'truncate' }
  | CreateTable
  | CreateView
  | {
      readonly kind: 'drop'
      readonly path: readonly string[]
      readonly object: 'TABLE' | 'VIEW'
      readonly ifExists: boolean
    }
  | { readonly kind: 'create-routine'; readonly node: Message; readonly isTableFunction: boolean }

/** Reads an `AnalyzeResponse`. Throws when the local BigQuery has no use for such a statement. */
export function statementOf(reply: Message): Statement {
  const [name, node] = unwrap(messageAt(reply, 'resolved_statement'))
  switch (name) {
    case 'resolved_query_stmt_node':
      return queryStatement(node)
    case 'resolved_insert_stmt_node':
      return { kind: 'insert' }
    case 'resolved_update_stmt_node':
      return { kind: 'update' }
    case 'resolved_delete_stmt_node':
      return { kind: 'delete' }
    case 'resolved_truncate_stmt_node':
      if (node['where_expr'] !== undefined) throw cannot('TRUNCATE with WHERE')
      return { kind: 'truncate' }
    case 'resolved_create_table_stmt_node':
    case 'resolved_create_table_as_select_stmt_node':
      return createTable(node, name === 'resolved_create_table_as_select_stmt_node')
    case 'resolved_create_view_stmt_node':
      return createView(node)
    case 'resolved_create_function_stmt_node':
    case 'resolved_create_table_function_stmt_node':
      return {
        kind: 'create-routine',
        node,
        isTableFunction: name === 'resolved_create_table_function_stmt_node',
      }
    case 'resolved_drop_stmt_node':
      return dropStatement(node)
    default:
      throw cannot(`statements like this, \`${name}\``)
  }
}

function queryStatement(node: Message): Statement {
  const isValueTable = node['is_value_table'] === true
  return { kind: 'query', columns: resultColumns(node, isValueTable), isValueTable }
}

function dropStatement(node: Message): Statement {
  const object = textOf(node, 'object_type')
  if (object !== 'TABLE' && object !== 'VIEW') throw cannot(`DROP ${object}`)
  const ifExists = node['is_if_exists'] === true
  return { kind: 'drop', path: textsOf(node, 'name_path'), object, ifExists }
}
