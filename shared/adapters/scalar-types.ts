import type { ScalarType } from '../bigquery/sql-type.ts'

/** BigQuery's older names and GoogleSQL's own, both of which schemas may use. */
export const scalarTypes: Readonly<Record<string, ScalarType>> = {
  BIGNUMERIC: 'BIGNUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  BOOL: 'BOOL',
  BOOLEAN: 'BOOL',
  BYTES: 'BYTES',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  DECIMAL: 'NUMERIC',
  FLOAT: 'FLOAT64',
  FLOAT64: 'FLOAT64',
  GEOGRAPHY: 'GEOGRAPHY',
  INT64: 'INT64',
  INTEGER: 'INT64',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  NUMERIC: 'NUMERIC',
  STRING: 'STRING',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
}
