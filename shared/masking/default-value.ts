import type { SqlType } from '../bigquery/sql-type.ts'

/** How BigQuery writes timestamps: `ISO8601_STRING`, or as numbers of seconds or microseconds. */
export type TimestampFormat = 'ISO8601_STRING' | 'number'

/**
 * BigQuery's `DEFAULT_MASKING_VALUE` of a type, as a cell of a result holds it; null for NULL. BigQuery
 * names none for STRUCT, RANGE and INTERVAL: they become NULL.
 * https://cloud.google.com/bigquery/docs/column-data-masking-intro#masking_options
 */
export function defaultValue(
  type: SqlType,
  timestamps: TimestampFormat,
): string | readonly [] | null {
  switch (type.kind) {
    case 'ARRAY':
      return []
    case 'BIGNUMERIC':
    case 'INT64':
    case 'NUMERIC':
      return '0'
    case 'FLOAT64':
      return '0.0'
    case 'BOOL':
      return 'false'
    case 'BYTES':
    case 'STRING':
      return ''
    case 'DATE':
      return '1970-01-01'
    case 'DATETIME':
      return '1970-01-01T00:00:00'
    case 'TIME':
      return '00:00:00'
    case 'TIMESTAMP':
      // The same number in seconds and in microseconds.
      return timestamps === 'number' ? '0' : '1970-01-01T00:00:00Z'
    case 'GEOGRAPHY':
      return 'POINT(0 0)'
    case 'INTERVAL':
    case 'JSON':
    case 'RANGE':
    case 'STRUCT':
      return null
  }
}
