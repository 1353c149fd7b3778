import type { SqlType } from '../../bigquery/sql-type.ts'

/** What every value of a type can be cast to. `STRING` takes all but BYTES, which need not be UTF-8. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  BIGNUMERIC: ['FLOAT64', 'STRING'],
  BOOL: ['INT64', 'STRING'],
  DATE: ['DATETIME', 'STRING'],
  DATETIME: ['DATE', 'STRING', 'TIME'],
  FLOAT64: ['STRING'],
  INT64: ['BIGNUMERIC', 'BOOL', 'FLOAT64', 'NUMERIC', 'STRING'],
  INTERVAL: ['STRING'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT64', 'STRING'],
  STRING: ['BYTES'],
  TIME: ['STRING'],
  TIMESTAMP: ['DATE', 'DATETIME', 'STRING', 'TIME'],
}

/**
 * Whether a cast works for every value, without a format and without a length.
 * https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_rules
 */
export function cannotFailToCast(from: SqlType | undefined, to: SqlType | undefined): boolean {
  if (from === undefined || to === undefined) return false
  if (from.kind === to.kind) {
    if (to.kind === 'ARRAY')
      return from.kind === 'ARRAY' && cannotFailToCast(from.element, to.element)
    if (to.kind === 'STRUCT')
      return (
        from.kind === 'STRUCT' &&
        from.fields.length === to.fields.length &&
        from.fields.every(({ type }, i) => cannotFailToCast(type, to.fields[i]?.type))
      )
    return to.kind !== 'RANGE' || (from.kind === 'RANGE' && from.element.kind === to.element.kind)
  }
  return ALWAYS[from.kind]?.includes(to.kind) === true
}
