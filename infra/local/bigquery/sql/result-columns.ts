import { listOf, type Message, messageAt, textOf } from '../engine/message.ts'
import { BigQueryError } from '../errors.ts'
import type { Column } from '../types/sql-type.ts'
import { typeOfProto } from '../types/type-proto.ts'

/**
 * The columns of a query's result as BigQuery names them: those of a value table are the fields of its
 * struct, unnamed ones are `f0_`, `f1_`. `node` has an `output_column_list`. Throws when two have one name.
 */
export function resultColumns(node: Message, isValueTable: boolean): readonly Column[] {
  const columns = listOf(node, 'output_column_list').map((each) => ({
    name: textOf(each, 'name'),
    type: typeOfProto(messageAt(each, 'column', 'type')),
  }))
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
