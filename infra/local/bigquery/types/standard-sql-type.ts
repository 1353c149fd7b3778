import type { SqlType } from './sql-type.ts'

/** BigQuery's `StandardSqlDataType`, with which routines describe their arguments and results. */
export interface StandardSqlType {
  readonly typeKind: string
  readonly arrayElementType?: StandardSqlType
  readonly rangeElementType?: StandardSqlType
  readonly structType?: {
    readonly fields: readonly { readonly name: string; readonly type: StandardSqlType }[]
  }
}

/** The type as routines show it. */
export function standardSqlType(type: SqlType): StandardSqlType {
  const typeKind = type.kind
  if (type.kind === 'ARRAY') return { typeKind, arrayElementType: standardSqlType(type.element) }
  if (type.kind === 'RANGE') return { typeKind, rangeElementType: standardSqlType(type.element) }
  if (type.kind !== 'STRUCT') return { typeKind }
  const fields = type.fields.map(({ name, type: inner }) => ({
    name,
    type: standardSqlType(inner),
  }))
  return { typeKind, structType: { fields } }
}
