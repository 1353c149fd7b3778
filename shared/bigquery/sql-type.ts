/** GoogleSQL's types without parts, as BigQuery spells them. */
export type ScalarType =
  | 'BIGNUMERIC'
  | 'BOOL'
  | 'BYTES'
  | 'DATE'
  | 'DATETIME'
  | 'FLOAT64'
  | 'GEOGRAPHY'
  | 'INT64'
  | 'INTERVAL'
  | 'JSON'
  | 'NUMERIC'
  | 'STRING'
  | 'TIME'
  | 'TIMESTAMP'

/** A GoogleSQL type, as BigQuery has them. */
export type SqlType =
  | { readonly kind: ScalarType }
  | { readonly kind: 'ARRAY' | 'RANGE'; readonly element: SqlType }
  | { readonly kind: 'STRUCT'; readonly fields: readonly SqlField[] }

/** A field of a STRUCT; also a column of a result. */
export interface SqlField {
  /** Empty when it has no name. */
  readonly name: string
  readonly type: SqlType
}
