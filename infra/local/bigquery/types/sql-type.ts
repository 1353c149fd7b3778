/** The types without parts, as GoogleSQL spells them. */
export const scalarKinds = [
  'BIGNUMERIC',
  'BOOL',
  'BYTES',
  'DATE',
  'DATETIME',
  'FLOAT64',
  'GEOGRAPHY',
  'INT64',
  'INTERVAL',
  'JSON',
  'NUMERIC',
  'STRING',
  'TIME',
  'TIMESTAMP',
] as const

export type ScalarKind = (typeof scalarKinds)[number]

/** A GoogleSQL type. */
export type SqlType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'ARRAY' | 'RANGE'; readonly element: SqlType }
  | { readonly kind: 'STRUCT'; readonly fields: readonly StructField[] }

export interface StructField {
  /** Empty when the field has no name. */
  readonly name: string
  readonly type: SqlType
}

/** A column of a table or of a result. */
export interface Column extends StructField {
  /** `REQUIRED` in the schema. */
  readonly required?: boolean
  readonly description?: string
  /** As `bq mk` takes it; kept and shown, without effect here. */
  readonly policyTags?: readonly string[]
  /** Descriptions, modes and tags of the fields of a RECORD. */
  readonly fields?: readonly Column[]
}

/** The type as SQL writes it, as in `INFORMATION_SCHEMA.COLUMNS`: `ARRAY<STRUCT<a INT64>>`. */
export function formatType(type: SqlType): string {
  if (type.kind === 'STRUCT') return `STRUCT<${type.fields.map(formatField).join(', ')}>`
  return 'element' in type ? `${type.kind}<${formatType(type.element)}>` : type.kind
}

function formatField({ name, type }: StructField): string {
  return name === '' ? formatType(type) : `${name} ${formatType(type)}`
}

/** The scalar type a word names, GoogleSQL or legacy (`INTEGER`, `FLOAT`), or undefined. */
export function scalarKind(word: string): ScalarKind | undefined {
  const upper = word.toUpperCase()
  return scalarKinds.find((kind) => kind === upper) ?? aliases[upper]
}

const aliases: Readonly<Record<string, ScalarKind>> = {
  BIGDECIMAL: 'BIGNUMERIC',
  BOOLEAN: 'BOOL',
  DECIMAL: 'NUMERIC',
  FLOAT: 'FLOAT64',
  INTEGER: 'INT64',
}
