import type { ScalarType, SqlType } from '../../bigquery/sql-type.ts'
import { typeProto } from './type-proto.ts'

/** What a signature of an added function may say of a type: `any` is the same type wherever it stands. */
type Part = 'any' | ScalarType | 'array of STRING' | 'everything'

interface Added {
  readonly name: string
  readonly mode?: 'AGGREGATE'
  readonly signatures: readonly {
    readonly takes: readonly Part[]
    /** Arguments that may be left out; they come last. */
    readonly optional?: readonly Part[]
    readonly gives: Part
  }[]
}

/** BigQuery's functions that the release of GoogleSQL we run lacks. */
const ADDED: readonly Added[] = [
  ...['max_by', 'min_by'].map((name): Added => ({
    name,
    mode: 'AGGREGATE',
    signatures: [{ takes: ['any', 'everything'], gives: 'any' }],
  })),
  { name: 'contains_substr', signatures: [{ takes: ['everything', 'STRING'], gives: 'BOOL' }] },
  { name: 'search', signatures: [{ takes: ['everything', 'STRING'], gives: 'BOOL' }] },
  {
    name: 'edit_distance',
    signatures: [{ takes: ['STRING', 'STRING'], optional: ['INT64'], gives: 'INT64' }],
  },
  {
    name: 'json_keys',
    signatures: [{ takes: ['JSON'], optional: ['INT64'], gives: 'array of STRING' }],
  },
]

/** The functions as plain `FunctionProto`s, of group `BigQuery`. */
export const addedFunctions: readonly object[] = ADDED.map(
  ({ name, mode = 'SCALAR', signatures }) => ({
    name_path: [name],
    group: 'BigQuery',
    mode,
    signature: signatures.map(({ takes, optional = [], gives }) => ({
      argument: [
        ...takes.map((part) => argument(part)),
        ...optional.map((part) => ({
          ...argument(part),
          options: { cardinality: 'OPTIONAL' },
          num_occurrences: 0,
        })),
      ],
      return_type: argument(gives),
    })),
  }),
)

function argument(part: Part): object {
  if (part === 'any') return { kind: 'ARG_TYPE_ANY_1', num_occurrences: 1 }
  if (part === 'everything') return { kind: 'ARG_TYPE_ARBITRARY', num_occurrences: 1 }
  return fixed(
    part === 'array of STRING' ? { kind: 'ARRAY', element: { kind: 'STRING' } } : { kind: part },
  )
}

function fixed(type: SqlType): object {
  return { kind: 'ARG_TYPE_FIXED', type: typeProto(type), num_occurrences: 1 }
}
