import type { Relation, RoutineSignature, TraceRequest } from '../../analysis/trace.ts'
import { addedFunctions } from './added-functions.ts'
import { typeProto } from './type-proto.ts'

/**
 * A plain `SimpleCatalogProto` of these relations and routines, under the paths by which the SQL names them.
 * The `serialization_id` of a table is its place in `relations`, counted from 1, and its `full_name` is `key`, which
 * tells this catalog from others. `language` is what `bigQueryLanguageOptions` gave.
 */
export function catalogProto(
  { relations, functions: routines }: Pick<TraceRequest, 'relations' | 'functions'>,
  language: object,
  key: string,
): object {
  const root = new Folder('root')
  relations.forEach((relation, place) => {
    const folder = root.at(relation.path.slice(0, -1))
    folder.tables.push(tableProto(relation, place, key))
  })
  // GoogleSQL finds a function by the last part of its path, in the folder that the others name.
  for (const routine of routines)
    root.at(routine.path.slice(0, -1)).functions.push(routineProto(routine))
  root.functions.push(...addedFunctions)
  return {
    ...root.proto(),
    builtin_function_options: { language_options: language },
  }
}

/** A catalog in the making. */
class Folder {
  readonly tables: object[] = []
  readonly functions: object[] = []
  readonly #name: string
  readonly #folders = new Map<string, Folder>()

  constructor(name: string) {
    this.#name = name
  }

  at(path: readonly string[]): Folder {
    const [first, ...rest] = path
    if (first === undefined) return this
    // Names of catalogs know no case; two that differ by it alone hold the same tables to GoogleSQL.
    const key = first.toLowerCase()
    const folder = this.#folders.get(key) ?? new Folder(first)
    this.#folders.set(key, folder)
    return folder.at(rest)
  }

  proto(): object {
    return {
      name: this.#name,
      table: this.tables,
      custom_function: this.functions,
      catalog: [...this.#folders.values()].map((folder) => folder.proto()),
    }
  }
}

function tableProto(relation: Relation, place: number, key: string): object {
  return {
    name: relation.path.at(-1) ?? '',
    full_name: key,
    // 0 would be left out on the wire.
    serialization_id: String(place + 1),
    column: relation.columns.map(({ name, type, isPseudo }) => ({
      name,
      type: typeProto(type),
      is_pseudo_column: isPseudo,
    })),
  }
}

function routineProto(routine: RoutineSignature): object {
  const argument = routine.arguments.map((type) =>
    type === undefined
      ? { kind: 'ARG_TYPE_ARBITRARY', num_occurrences: 1 }
      : { kind: 'ARG_TYPE_FIXED', type: typeProto(type), num_occurrences: 1 },
  )
  return {
    name_path: routine.path,
    group: 'Routine',
    mode: 'SCALAR',
    signature: [
      {
        argument,
        return_type: {
          kind: 'ARG_TYPE_FIXED',
          type: typeProto(routine.returnType),
          num_occurrences: 1,
        },
      },
    ],
  }
}
