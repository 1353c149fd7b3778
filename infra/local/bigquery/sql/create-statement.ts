import { inherited, type Message, messageAt, textOf } from '../engine/message.ts'
import { cannot } from '../errors.ts'
import type { Column } from '../types/sql-type.ts'
import { typeOfProto } from '../types/type-proto.ts'
import { resultColumns } from './result-columns.ts'

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

export interface CreateView extends Create {
  readonly kind: 'create-view'
  readonly columns: readonly Column[]
  /** The query after AS. */
  readonly sql: string
}

/** Reads a CREATE TABLE. Throws for one with what is not to be had here. */
export function createTable(node: Message, asSelect: boolean): CreateTable {
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

/** Reads a CREATE VIEW. Throws for one with what is not to be had here. */
export function createView(node: Message): CreateView {
  if (inherited(node, 'has_explicit_columns') === true) throw cannot('a view with a column list')
  const base = messageAt(node, 'parent')
  const columns = resultColumns(base, inherited(node, 'is_value_table') === true)
  const sql = textOf({ sql: inherited(node, 'sql') }, 'sql')
  return { kind: 'create-view', ...created(node), sql, columns }
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
