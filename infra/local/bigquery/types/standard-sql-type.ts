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
  switch (type.kind) {
    case 'ARRAY':
      return { typeKind: 'ARRAY', arrayElementType: standardSqlType(type.element) }
    case 'RANGE':
      return { typeKind: 'RANGE', rangeElementType: standardSqlType(type.element) }
    case 'STRUCT': {
      const fields = type.fields.map(({ name, type: inner }) => ({
        name,
        type: standardSqlType(inner),
      }))
      return { typeKind: 'STRUCT', structType: { fields } }
    }
    default:
      return { typeKind: type.kind }
  }
}
