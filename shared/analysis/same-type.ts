import type { SqlField, SqlType } from '../bigquery/sql-type.ts'

/** Whether two types are the same, field by field; names of fields may differ in case, or be missing in one. */
export function sameType(a: SqlType | undefined, b: SqlType | undefined): boolean {
  if (a === undefined || b === undefined) return false
  if (a.kind === 'STRUCT' || b.kind === 'STRUCT')
    return a.kind === 'STRUCT' && b.kind === 'STRUCT' && sameFields(a.fields, b.fields)
  if ('element' in a || 'element' in b)
    return a.kind === b.kind && 'element' in a && 'element' in b && sameType(a.element, b.element)
  return a.kind === b.kind
}

function sameFields(a: readonly SqlField[], b: readonly SqlField[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, type }, i) => {
      const other = b[i]
      return other !== undefined && sameType(type, other.type) && sameFieldName(name, other.name)
    })
  )
}

/** BigQuery calls a field without a name `_field_1`. */
function sameFieldName(a: string, b: string): boolean {
  const nameless = /^(?:_field_\d+)?$/
  return a.toLowerCase() === b.toLowerCase() || (nameless.test(a) && nameless.test(b))
}
