import { createHash, createHmac, randomBytes } from 'node:crypto'

import type { SqlType } from '../bigquery/sql-type.ts'
import { unreachable } from '../kernel/unreachable.ts'
import type { MaskingExpression } from '../policy/mask.ts'
import { type TimestampFormat, defaultValue } from './default-value.ts'

/** What a mask makes of a cell: of its text, or of NULL. */
export type MaskCell = (text: string | null) => string | null

/** What masks need besides the value. */
export interface MaskContext {
  readonly timestamps: TimestampFormat
  /** Of `TOKEN`: equal values of one key have equal tokens. 32 bytes. */
  readonly tokenKey: Uint8Array
}

/**
 * A masking expression for values of one type, as BigQuery's predefined ones are documented. An expression
 * that BigQuery does not offer for the type masks by the type's default value, which says less. A constant
 * stands for NULL too, so that it does not tell which values are NULL; the others leave NULL as it is.
 * https://cloud.google.com/bigquery/docs/column-data-masking-intro#masking_options
 */
export function maskScalar(
  expression: MaskingExpression,
  type: SqlType,
  context: MaskContext,
): MaskCell | { readonly constant: string | readonly [] | null } {
  const constant = { constant: defaultValue(type, context.timestamps) }
  const isText = type.kind === 'STRING' || type.kind === 'BYTES'
  switch (expression) {
    case 'ALWAYS_NULL':
      // BigQuery has no NULL in place of an ARRAY.
      return { constant: type.kind === 'ARRAY' ? [] : null }
    case 'DEFAULT_MASKING_VALUE':
      return constant
    case 'SHA256':
      return isText ? ofText((text) => hashed(text, type)) : constant
    case 'RANDOM_HASH': {
      const salt = randomBytes(32)
      return isText
        ? ofText((text) => createHmac('sha256', salt).update(bytesOf(text, type)).digest('base64'))
        : constant
    }
    case 'TOKEN':
      return isText
        ? ofText((text) => tokenOf(bytesOf(text, type), context.tokenKey, type))
        : constant
    case 'EMAIL_MASK':
      return type.kind === 'STRING' ? ofText((text) => maskEmail(text)) : constant
    case 'FIRST_FOUR_CHARACTERS':
      return type.kind === 'STRING'
        ? ofText((text) => ends(text, (four) => `${four}XXXXX`, 0))
        : constant
    case 'LAST_FOUR_CHARACTERS':
      return type.kind === 'STRING'
        ? ofText((text) => ends(text, (four) => `XXXXX${four}`, -4))
        : constant
    case 'DATE_YEAR_MASK':
      return yearMask(type, context.timestamps) ?? constant
    default:
      return unreachable(expression)
  }
}

const ofText =
  (mask: (text: string) => string): MaskCell =>
  (text) =>
    text === null ? null : mask(text)

/** Type-preserving: a STRING becomes base64 text, BYTES are base64 on the wire anyway. */
function hashed(text: string, type: SqlType): string {
  return createHash('sha256').update(bytesOf(text, type)).digest('base64')
}

function bytesOf(text: string, type: SqlType): Buffer {
  return Buffer.from(text, type.kind === 'BYTES' ? 'base64' : 'utf8')
}

function tokenOf(bytes: Buffer, key: Uint8Array, type: SqlType): string {
  const digest = createHmac('sha256', key).update(bytes).digest()
  return type.kind === 'BYTES' ? digest.toString('base64') : `tok_${digest.toString('base64url')}`
}

function maskEmail(text: string): string {
  const domain = /^[^\s@]+@([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)$/.exec(text)?.[1]
  return domain === undefined || !domain.includes('.')
    ? hashed(text, { kind: 'STRING' })
    : `XXXXX@${domain}`
}

/** Characters are code points, as BigQuery counts them; a text that would show whole is hashed instead. */
function ends(text: string, shown: (four: string) => string, from: 0 | -4): string {
  // A code point has at most two units: what four of them are made of is among the outermost nine.
  const outer = text.length <= 9 ? text : from === 0 ? text.slice(0, 9) : text.slice(-9)
  const characters = Array.from(outer)
  if (characters.length <= 4) return hashed(text, { kind: 'STRING' })
  return shown((from === 0 ? characters.slice(0, 4) : characters.slice(from)).join(''))
}

function yearMask(type: SqlType, timestamps: TimestampFormat): MaskCell | undefined {
  if (type.kind === 'DATE') return ofText((text) => `${text.slice(0, 4)}-01-01`)
  if (type.kind === 'DATETIME') return ofText((text) => `${text.slice(0, 4)}-01-01T00:00:00`)
  if (type.kind !== 'TIMESTAMP') return undefined
  return timestamps === 'number'
    ? ofText((text) => yearOfNumber(text))
    : ofText((text) => `${text.slice(0, 4)}-01-01T00:00:00Z`)
}

/**
 * The beginning of the year, in the unit the number is in: whole microseconds of int64 timestamps, else
 * seconds, which BigQuery writes with a dot or an exponent.
 */
function yearOfNumber(text: string): string {
  const isMicros = /^-?\d+$/.test(text)
  const milliseconds = isMicros ? Math.floor(Number(text) / 1000) : Number(text) * 1000
  const start = new Date(0)
  start.setUTCFullYear(new Date(milliseconds).getUTCFullYear(), 0, 1)
  return isMicros ? String(BigInt(start.getTime()) * 1000n) : (start.getTime() / 1000).toFixed(1)
}
