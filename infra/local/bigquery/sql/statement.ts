import {
  inherited,
  listOf,
  type Message,
  messageAt,
  textOf,
  textsOf,
  unwrap,
} from '../engine/message.ts'
import { BigQueryError, cannot } from '../errors.ts'
import type { Column, SqlType } from '../types/sql-type.ts'
import { typeOfProto } from '../types/type-proto.ts'

/** What a statement does, read from GoogleSQL's resolved syntax tree. */
export type Statement =
  | { readonly kind: 'query'; readonly columns: readonly Column[]; readonly isValueTable: boolean }
  | { readonly kind: 'insert' | 'update' | 'delete' | 'truncate' }
  | CreateTable
  | (Create & {
      readonly kind: 'create-view'
      readonly sql: string
      readonly columns: readonly Column[]
    })
  | {
      readonly kind: 'drop'
      readonly path: readonly string[]
      readonly object: 'TABLE' | 'VIEW'
      readonly ifExists: boolean
    }
  | { readonly kind: 'create-routine'; readonly node: Message; readonly isTableFunction: boolean }

/** How a CREATE treats what is there already. */
export interface Create {
  readonly path: readonly string[]
  readonly mode: 'CREATE_DEFAULT' | 'CREATE_IF_NOT_EXISTS' | 'CREATE_OR_REPLACE'
}

export interface CreateTable extends Create {
  readonly kind: 'create-table'
  readonly columns: readonly Column[]
  readonly asSelect: boolean
}

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
      throw cannot(`${statementWords(name)} statements`)
  }
}

function queryStatement(node: Message): Statement {
  const outputs = listOf(node, 'output_column_list')
  const isValueTable = node['is_value_table'] === true
  const columns = outputs.map((each) => ({
    name: textOf(each, 'name'),
    type: typeOfProto(messageAt(each, 'column', 'type')),
  }))
  return { kind: 'query', columns: resultColumns(columns, isValueTable), isValueTable }
}

/** The columns of a result as BigQuery names them. Throws when two have one name. */
function resultColumns(columns: readonly Column[], isValueTable: boolean): readonly Column[] {
  const [first] = columns
  const shown = isValueTable && first?.type.kind === 'STRUCT' ? first.type.fields : columns
  let unnamed = 0
  const named = shown.map(({ name, type }) => {
    if (name !== '' && !name.startsWith('$')) return { name, type }
    unnamed += 1
    return { name: `f${unnamed - 1}_`, type }
  })
  const names = named.map(({ name }) => name.toLowerCase())
  const twice = named.filter(({ name }, index) => names.indexOf(name.toLowerCase()) < index)
  if (twice.length === 0) return named
  throw new BigQueryError(
    'invalidQuery',
    `Duplicate column names in the result are not supported when a destination table is present. Found duplicate(s): ${twice.map(({ name }) => name).join(', ')}`,
  )
}

function createTable(node: Message, asSelect: boolean): CreateTable {
  const base = unsupportedInTables.find(([field]) => isGiven(inherited(node, field)))
  if (base !== undefined) throw cannot(`CREATE TABLE with ${base[1]}`)
  const definitions = inherited(node, 'column_definition_list')
  const columns = Array.isArray(definitions) ? definitions.map(columnDefinition) : []
  return { kind: 'create-table', ...created(node), columns, asSelect }
}

const unsupportedInTables = [
  ['like_table', 'LIKE'],
  ['clone_from', 'CLONE'],
  ['copy_from', 'COPY'],
  ['collation_name', 'DEFAULT COLLATE'],
  ['option_list', 'OPTIONS'],
  ['connection', 'a connection'],
] as const

function isGiven(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== '{}' && JSON.stringify(value) !== '[]'
}

function columnDefinition(node: unknown): Column {
  const definition = messageAt(node)
  const name = textOf(definition, 'name')
  const annotations = messageAt(definition, 'annotations')
  const said = JSON.stringify(annotations)
  if (/"\w+_type_parameters":\{/.test(said)) {
    throw cannot(`a type with a length or precision, for column ${name}`)
  }
  if (/"child_list":.*"not_null":true/.test(said)) throw cannot(`NOT NULL inside column ${name}`)
  if (isGiven(annotations['option_list'])) throw cannot(`OPTIONS of column ${name}`)
  if (isGiven(definition['default_value'])) throw cannot(`a DEFAULT, for column ${name}`)
  if (isGiven(definition['generated_column_info'])) throw cannot(`a generated column, ${name}`)
  const type = typeOfProto(messageAt(definition, 'type'))
  return { name, type, ...(annotations['not_null'] === true && { required: true }) }
}

function createView(node: Message): Statement {
  if (inherited(node, 'has_explicit_columns') === true) throw cannot('a view with a column list')
  const outputs = inherited(node, 'output_column_list')
  const columns = (Array.isArray(outputs) ? outputs : []).map((each) => ({
    name: textOf(each, 'name'),
    type: typeOfProto(messageAt(each, 'column', 'type')),
  }))
  const isValueTable = inherited(node, 'is_value_table') === true
  const sql = textOf({ sql: inherited(node, 'sql') }, 'sql')
  return {
    kind: 'create-view',
    ...created(node),
    sql,
    columns: resultColumns(columns, isValueTable),
  }
}

/** The path and mode of a CREATE of any kind. Throws for TEMP objects. */
export function created(node: Message): Create {
  const scope = inherited(node, 'create_scope')
  if (scope !== undefined && scope !== 'CREATE_DEFAULT_SCOPE') throw cannot('temporary objects')
  const mode = inherited(node, 'create_mode')
  const path = inherited(node, 'name_path')
  return {
    path: Array.isArray(path) ? path.map(String) : [],
    mode: mode === 'CREATE_OR_REPLACE' || mode === 'CREATE_IF_NOT_EXISTS' ? mode : 'CREATE_DEFAULT',
  }
}

function dropStatement(node: Message): Statement {
  const object = textOf(node, 'object_type')
  if (object !== 'TABLE' && object !== 'VIEW') throw cannot(`DROP ${object}`)
  const ifExists = node['is_if_exists'] === true
  return { kind: 'drop', path: textsOf(node, 'name_path'), object, ifExists }
}

/** `resolved_merge_stmt_node` → `MERGE`. */
function statementWords(name: string): string {
  return name
    .replace(/^resolved_|_stmt_node$/g, '')
    .replaceAll('_', ' ')
    .toUpperCase()
}

/** The type an array holds, or the type itself. */
export function elementType(type: SqlType): SqlType {
  return type.kind === 'ARRAY' ? type.element : type
}
