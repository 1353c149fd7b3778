import type { ColumnName } from '../analysis/lineage.ts'

/**
 * BigQuery's predefined masking expressions, and `TOKEN`, ours: a keyed hash that is the same for equal
 * values of one tenant. https://cloud.google.com/bigquery/docs/column-data-masking-intro
 */
export const maskingExpressions = [
  'ALWAYS_NULL',
  'DATE_YEAR_MASK',
  'DEFAULT_MASKING_VALUE',
  'EMAIL_MASK',
  'FIRST_FOUR_CHARACTERS',
  'LAST_FOUR_CHARACTERS',
  'RANDOM_HASH',
  'SHA256',
  'TOKEN',
] as const

export type MaskingExpression = (typeof maskingExpressions)[number]

/** Cloud DLP's infoTypes that Sluice finds by itself. */
export const infoTypes = [
  'CREDIT_CARD_NUMBER',
  'DATE_OF_BIRTH',
  'EMAIL_ADDRESS',
  'IBAN_CODE',
  'IP_ADDRESS',
  'PHONE_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
] as const

export type InfoType = (typeof infoTypes)[number]

/** What stands in place of a value. */
export type Mask =
  | { readonly kind: 'expression'; readonly expression: MaskingExpression }
  /** What looks like one of these inside a text; the rest of it stays. */
  | { readonly kind: 'detect'; readonly infoTypes: readonly InfoType[] }
  /** A count below the minimum group size becomes NULL. */
  | { readonly kind: 'small-count'; readonly below: number }

/** A mask on an output column, or on a part of it. */
export interface OutputMask {
  /**
   * The position of the column, then positions in STRUCTs; an ARRAY on the way stands for each of its
   * elements. A path that ends at an ARRAY or STRUCT masks it whole.
   */
  readonly path: readonly number[]
  /** The same in names, for people: `visits.notes`. */
  readonly name: string
  readonly mask: Mask
  /** The masked columns that reach it, sorted. */
  readonly columns: readonly ColumnName[]
}
