import type { LanguageOptions } from '../../../../shared/adapters/googlesql/language-options.ts'
import type { Routine } from '../catalog/routine.ts'
import type { Column, SqlType } from '../types/sql-type.ts'
import { typeProto } from '../types/type-proto.ts'
import type { Row } from '../values/value.ts'
import type { Message } from './message.ts'

/** A table or a routine as one statement sees it. */
export type Entry = TableEntry | RoutineEntry

export interface TableEntry {
  /** The identifiers of the path by which the SQL names it. */
  readonly path: readonly string[]
  /** Its name in error messages: `project.dataset.table`. */
  readonly fullName: string
  readonly columns: readonly Column[]
  /** Absent when the statement is only analysed. */
  readonly rows?: readonly Row[]
  /** Adds the pseudo column `ROW_ID`, the row's index, as a primary key: DELETE and UPDATE need one. */
  readonly rowId?: boolean
  /** Changes with the columns and the rows. */
  readonly version: number
}

export interface RoutineEntry {
  readonly path: readonly string[]
  readonly routine: Routine
  readonly version: number
}

/** The pseudo column of a table with `rowId`. */
const ROW_ID = '_sluice_row'

/** What tells one set of entries from another. */
export function catalogKey(entries: readonly Entry[]): string {
  const keys = entries.map((entry) => {
    const kind =
      'routine' in entry ? 'r' : entry.rows === undefined ? 's' : entry.rowId === true ? 'i' : 't'
    return JSON.stringify([kind, entry.version, ...entry.path])
  })
  return keys.toSorted().join()
}

/** A `RegisterCatalogRequest`. Tables with rows must have paths of one identifier. */
export function registerRequest(entries: readonly Entry[], language: LanguageOptions): Message {
  const root = new Folder('root')
  const content: Record<string, Message> = {}
  for (const entry of entries) {
    const folder = root.at(entry.path.slice(0, -1))
    const name = entry.path.at(-1) ?? ''
    if ('routine' in entry) folder.addRoutine(name, entry.routine)
    else {
      folder.tables.push(simpleTable(name, entry, folder.nextId()))
      if (entry.rows !== undefined) content[name] = tableContent(entry.rows, entry.rowId === true)
    }
  }
  const builtin = { builtin_function_options: { language_options: language } }
  return { simple_catalog: { ...root.proto(), ...builtin }, table_content: content }
}

/** A catalog in the making. */
class Folder {
  readonly tables: Message[] = []
  readonly #name: string
  readonly #folders = new Map<string, Folder>()
  readonly #functions: Message[] = []
  readonly #tableFunctions: Message[] = []
  #ids: { last: number }

  constructor(name: string, ids = { last: 0 }) {
    this.#name = name
    this.#ids = ids
  }

  nextId(): string {
    this.#ids.last += 1
    return String(this.#ids.last)
  }

  at(path: readonly string[]): Folder {
    const [first, ...rest] = path
    if (first === undefined) return this
    const folder = this.#folders.get(first) ?? new Folder(first, this.#ids)
    this.#folders.set(first, folder)
    return folder.at(rest)
  }

  addRoutine(name: string, routine: Routine): void {
    if (routine.kind === 'SCALAR_FUNCTION') this.#functions.push(scalarFunction(name, routine))
    else this.#tableFunctions.push(tableFunction(name, routine))
  }

  proto(): Message {
    return {
      name: this.#name,
      table: this.tables,
      catalog: [...this.#folders.values()].map((folder) => folder.proto()),
      custom_function: this.#functions,
      custom_tvf: this.#tableFunctions,
    }
  }
}

function simpleTable(name: string, { columns, fullName, rowId }: TableEntry, id: string): Message {
  const column: Message[] = columns.map((each) => ({ name: each.name, type: typeProto(each.type) }))
  const table = { name, full_name: fullName, serialization_id: id, is_value_table: false }
  if (rowId !== true) return { ...table, column }
  const key = { name: ROW_ID, type: typeProto({ kind: 'INT64' }), is_pseudo_column: true }
  return { ...table, column: [...column, key], primary_key_column_index: [column.length] }
}

function tableContent(rows: readonly Row[], rowId: boolean): Message {
  const row = rows.map((cells, index) => ({
    cell: rowId ? [...cells, { int64_value: String(index) }] : cells,
  }))
  return { table_data: { row } }
}

function scalarFunction(name: string, routine: Routine): Message {
  return {
    name_path: [name],
    group: 'Templated_SQL_Function',
    mode: 'SCALAR',
    signature: [{ ...signature(routine), return_type: argument(routine.returnType) }],
    templated_sql_function_argument_name: routine.arguments.map((each) => each.name),
    parse_resume_location: { input: routine.runnableBody, byte_position: 0 },
  }
}

function tableFunction(name: string, routine: Routine): Message {
  const relation = { kind: 'ARG_TYPE_RELATION', num_occurrences: 1 }
  return {
    name_path: [name],
    type: 'TEMPLATED_SQL_TVF',
    signature: { ...signature(routine), return_type: relation },
    argument_name: routine.arguments.map((each) => each.name),
    parse_resume_location: { input: routine.runnableBody, byte_position: 0 },
  }
}

function signature(routine: Routine): Message {
  return { argument: routine.arguments.map((each) => argument(each.type)), context_id: '0' }
}

function argument(type: SqlType | undefined): Message {
  return type === undefined
    ? { kind: 'ARG_TYPE_ARBITRARY', num_occurrences: 1 }
    : { kind: 'ARG_TYPE_FIXED', type: typeProto(type), num_occurrences: 1 }
}
